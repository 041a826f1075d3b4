import { toldWithTag, tracking } from "../../api/client";
import type { components } from "../../api/generated/tracking";
import { useDefinition } from "../editing/definition";
import { EditDrawer } from "../editing/drawer";
import { Embed } from "./embed";
import { FormForm } from "./form-form";

export type Form = components["schemas"]["FormView"];
export type FormDocument = components["schemas"]["FormDocument"];
export type Field = components["schemas"]["FieldDocument"];

/** A form beside the list; null for a new one. */
export function EditForm({ formKey: key, onClose }: { formKey: string | null; onClose: () => void }) {
  const query = useDefinition<Form>(
    ["forms", "one", key],
    key === null ? null : () => toldWithTag(tracking.GET("/forms/{key}", { params: { path: { key } } })),
  );
  const form = query.data?.data ?? null;
  return (
    <EditDrawer title={form?.document.name ?? "New form"} onClose={onClose} query={query} size={760}>
      {() => (
        <>
          <FormForm form={form} etag={query.data?.etag ?? null} onClose={onClose} />
          {form && <Embed formKey={form.key} />}
        </>
      )}
    </EditDrawer>
  );
}
