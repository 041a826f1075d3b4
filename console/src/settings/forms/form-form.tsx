import { Button, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { channels, told, tracking } from "../../api/client";
import { useMay } from "../../session/context";
import { fieldsOf } from "../../shell/problems";
import { expecting, keyOf, useKeep } from "../editing/definition";
import { KeyField, wrongKey } from "../editing/key-field";
import { Refusal } from "../editing/refusal";
import { COUNTRIES } from "../sources/countries";
import type { Form } from "./edit-form";
import { FieldList } from "./field-list";
import { documentOf, type FormValues, valuesOf } from "./values";

const FIELDS = ["key", "name", "fields", "message", "redirect_to", "confirm", "phone_region"] as const;

interface FormFormProps {
  form: Form | null;
  etag: string | null;
  onKept: (key: string) => void;
}

/** What a form asks, and what comes then. */
export function FormForm({ form: known, etag, onKept }: FormFormProps) {
  const may = useMay("forms:write");
  const templates = useEmails();
  const form = useForm<FormValues>({
    initialValues: valuesOf(known),
    validate: {
      name: (name) => (name.trim() ? null : "Such as Webinar"),
      key: (key, { name }) => (known ? null : wrongKey(key || keyOf(name))),
      fields: {
        name: (name) => (/^[A-Za-z][\w.-]*$/.test(name) ? null : "A letter, then letters and digits"),
      },
    },
  });
  const keeping = useKeep(
    ["forms"],
    (values: FormValues) =>
      told(
        tracking.PUT("/forms/{key}", {
          params: {
            path: { key: known?.key ?? (values.key || keyOf(values.name)) },
            header: expecting(etag),
          },
          body: documentOf(values),
        }),
      ),
    (kept) => onKept(kept.key),
  );
  const keep = (values: FormValues) =>
    keeping.mutate(values, { onError: (error) => form.setErrors(fieldsOf(error)) });
  return (
    <form onSubmit={form.onSubmit(keep)}>
      <fieldset disabled={!may} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="sm">
          <Refusal error={keeping.error} isNew={!known} fields={FIELDS} />
          <TextInput label="Name" data-autofocus placeholder="Webinar" {...form.getInputProps("name")} />
          {!known && <KeyField placeholder={keyOf(form.values.name)} {...form.getInputProps("key")} />}
          <FieldList form={form} />
          <Textarea
            label="Then it says"
            autosize
            minRows={2}
            {...form.getInputProps("message")}
            disabled={form.values.redirect_to !== ""}
          />
          <TextInput
            label="Or goes on to"
            placeholder="https://example.com/thanks"
            {...form.getInputProps("redirect_to")}
          />
          <Select
            label="Confirmed by e-mail"
            description="With a message here, a submission counts once its link has been followed; it is given values.confirm_url"
            placeholder="Not asked for"
            data={templates}
            searchable
            clearable
            nothingFoundMessage="No e-mail of that name: write one under Messages"
            {...form.getInputProps("confirm")}
          />
          <Select
            label="Country of phone numbers"
            description="For numbers that are filled in without their country code"
            data={COUNTRIES}
            searchable
            clearable
            {...form.getInputProps("phone_region")}
          />
          {may && (
            <Group justify="flex-end">
              <Button type="submit" loading={keeping.isPending}>
                {known ? "Save" : "Make the form"}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

function useEmails(): { value: string; label: string }[] {
  const { data } = useQuery({
    queryKey: ["templates", "choice"],
    queryFn: () => told(channels.GET("/templates", { params: { query: { limit: 500 } } })),
  });
  const emails = data?.items.filter((one) => one.channel === "email") ?? [];
  return emails.map((one) => ({ value: one.key, label: one.key }));
}
