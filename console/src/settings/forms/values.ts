import type { Field, Form, FormDocument } from "./edit-form";

/** A question, as it is edited. `id` tells it from the others while they are moved. */
export interface FieldValues extends Omit<Field, "maps_to"> {
  id: string;
  maps_to: string;
}

export interface FormValues {
  key: string;
  name: string;
  fields: FieldValues[];
  message: string;
  redirect_to: string;
  confirm: string | null;
  phone_region: string | null;
}

const EMAIL: Field = {
  name: "email",
  type: "email",
  label: "E-mail",
  required: true,
  maps_to: "email",
  value: "",
};

export function valuesOf(form: Form | null): FormValues {
  const document = form?.document;
  return {
    key: form?.key ?? "",
    name: document?.name ?? "",
    fields: (document?.fields ?? [EMAIL]).map(fieldValues),
    message: document?.message ?? "Thank you!",
    redirect_to: document?.redirect_to ?? "",
    confirm: document?.confirm?.template ?? null,
    phone_region: document?.phone_region ?? null,
  };
}

export function fieldValues(field: Field): FieldValues {
  return { ...field, maps_to: field.maps_to ?? "", id: crypto.randomUUID() };
}

export function documentOf(values: FormValues): FormDocument {
  const { name, fields, message, redirect_to: redirect, confirm, phone_region } = values;
  return {
    name: name.trim(),
    fields: fields.map(({ id: _, maps_to: to, ...field }) => ({ ...field, maps_to: to.trim() || null })),
    message,
    redirect_to: redirect.trim() || null,
    confirm: confirm ? { template: confirm } : null,
    phone_region,
  };
}

/** The next question: a text that becomes an attribute of its own name. */
export function nextField(fields: readonly FieldValues[]): FieldValues {
  const taken = new Set(fields.map((field) => field.name));
  let number = fields.length + 1;
  while (taken.has(`field${number}`)) number++;
  const name = `field${number}`;
  return fieldValues({ name, type: "text", label: "", required: false, maps_to: null, value: "" });
}
