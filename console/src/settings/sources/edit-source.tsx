import { Button, Group, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { told, tracking } from "../../api/client";
import type { components } from "../../api/generated/tracking";
import { useMay } from "../../session/context";
import { fieldsOf } from "../../shell/problems";
import { keyOf, useKeep } from "../editing/definition";
import { EditDrawer } from "../editing/drawer";
import { KeyField, wrongKey } from "../editing/key-field";
import { Refusal } from "../editing/refusal";
import { COUNTRIES } from "./countries";
import { Connect } from "./connect";

type Source = components["schemas"]["SourceView"];
const FIELDS = ["name", "key", "trusted", "phone_region"] as const;

interface EditSourceProps {
  /** Null for a new one. */
  source: Source | null;
  onMade: (key: string) => void;
  onClose: () => void;
}

/** A source: who tells, and how it is connected. */
export function EditSource({ source, onMade, onClose }: EditSourceProps) {
  const may = useMay("sources:write");
  const form = useForm({
    initialValues: {
      name: source?.name ?? "",
      key: source?.key ?? "",
      trusted: source?.trusted ?? false,
      phone_region: source?.phone_region ?? null,
    },
    validate: {
      name: (name) => (name.trim() ? null : "Such as Website"),
      key: (key, { name }) => (source ? null : wrongKey(key || keyOf(name))),
    },
  });
  const keeping = useKeep(
    ["sources"],
    ({ name, key, trusted, phone_region }: typeof form.values) =>
      told(
        tracking.PUT("/sources/{key}", {
          params: { path: { key: source?.key ?? (key || keyOf(name)) } },
          body: { name, trusted, phone_region },
        }),
      ),
    (kept) => (source ? onClose() : onMade(kept.key)),
  );
  const keep = (values: typeof form.values) =>
    keeping.mutate(values, { onError: (error) => form.setErrors(fieldsOf(error)) });
  return (
    <EditDrawer title={source ? source.name : "New source"} onClose={onClose} size={620}>
      <form onSubmit={form.onSubmit(keep)}>
        <fieldset disabled={!may} style={{ border: 0, padding: 0, margin: 0 }}>
          <Stack gap="sm">
            <Refusal error={keeping.error} isNew={!source} fields={FIELDS} />
            <TextInput label="Name" data-autofocus placeholder="Website" {...form.getInputProps("name")} />
            {!source && <KeyField placeholder={keyOf(form.values.name)} {...form.getInputProps("key")} />}
            <Switch
              label="Its write key is kept secret, on a server of ours"
              description="Then what it says of contacts replaces what was known. A key that stands in a page can only add what was not known."
              {...form.getInputProps("trusted", { type: "checkbox" })}
            />
            <Select
              label="Country of phone numbers"
              description="For numbers that are told without their country code"
              data={COUNTRIES}
              searchable
              clearable
              {...form.getInputProps("phone_region")}
            />
            {may && (
              <Group justify="flex-end">
                <Button type="submit" loading={keeping.isPending}>
                  {source ? "Save" : "Make the source"}
                </Button>
              </Group>
            )}
          </Stack>
        </fieldset>
      </form>
      {source && <Connect source={source} />}
    </EditDrawer>
  );
}
