import { toldWithTag, tracking } from "../../api/client";
import type { components } from "../../api/generated/tracking";
import { useDefinition } from "../editing/definition";
import { EditDrawer } from "../editing/drawer";
import { Embed } from "./embed";
import { FormForm } from "./form-form";

export type Form = components["schemas"]["FormView"];
export type FormDocument = components["schemas"]["FormDocument"];
export type Field = components["schemas"]["FieldDocument"];

interface EditFormProps {
  /** Null for a new one. */
  formKey: string | null;
  onMade: (key: string) => void;
  onClose: () => void;
}

/** A form beside the list. */
export function EditForm({ formKey: key, onMade, onClose }: EditFormProps) {
  const query = useDefinition<Form>(
    ["forms", "one", key],
    key === null ? null : () => toldWithTag(tracking.GET("/forms/{key}", { params: { path: { key } } })),
  );
  const form = query.data?.data ?? null;
  return (
    <EditDrawer title={form?.document.name ?? "New form"} onClose={onClose} query={query} size={760}>
      {query.isReady && (
        <>
          <FormForm
            form={form}
            etag={query.data?.etag ?? null}
            onKept={(kept) => (key === null ? onMade(kept) : onClose())}
          />
          {form && <Embed formKey={form.key} />}
        </>
      )}
    </EditDrawer>
  );
}
