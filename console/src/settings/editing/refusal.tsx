import { Alert } from "@mantine/core";
import { isConflict } from "../../api/problem";
import { restOf } from "../../shell/problems";

interface RefusalProps {
  error: Error | null;
  /** Whether it was to be a new one. */
  isNew: boolean;
  /** The fields that show their own mistakes. */
  fields: readonly string[];
}

/** Why something could not be kept, as far as no field says so. */
export function Refusal({ error, isNew, fields }: RefusalProps) {
  if (isConflict(error)) {
    return isNew ? (
      <Alert color="red" role="alert" title="There is one of that key already">
        Choose another key, or open the one that is there.
      </Alert>
    ) : (
      <Alert color="orange" role="alert" title="Somebody has changed it meanwhile">
        Nothing of yours is kept yet. Copy what you need, close this, and open it again.
      </Alert>
    );
  }
  const rest = restOf(error, fields);
  return rest && <Alert color="red" role="alert" title={rest} />;
}
