import { problemOf, useRules } from "./context";
import { JsonField } from "../shell/json-field";

interface UnknownRuleProps {
  rule: unknown;
  at: string;
  onChange: (rule: unknown) => void;
}

/** A rule that this builder does not understand: as it is written, and as it stays unless somebody changes it. */
export function UnknownRule({ rule, at, onChange }: UnknownRuleProps) {
  const { readOnly, problems } = useRules();
  return (
    <JsonField
      label="A rule in JSON"
      description="It is kept as it is."
      error={problemOf(problems, at)}
      value={rule}
      readOnly={readOnly}
      onChange={(next) => next !== undefined && onChange(next)}
    />
  );
}
