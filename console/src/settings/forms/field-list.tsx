import { Button, Group, Stack, Text } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { FieldEditor } from "./field-editor";
import { type FormValues, nextField } from "./values";

const MOST = 50;

/** The questions of a form, in their order. */
export function FieldList({ form }: { form: UseFormReturnType<FormValues> }) {
  const { fields } = form.values;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          Questions
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPlus size={13} />}
          disabled={fields.length >= MOST}
          onClick={() => form.insertListItem("fields", nextField(fields))}
        >
          Add a question
        </Button>
      </Group>
      {typeof form.errors["fields"] === "string" && (
        <Text size="xs" c="red">
          {form.errors["fields"]}
        </Text>
      )}
      {fields.map((field, place) => (
        <FieldEditor key={field.id} form={form} place={place} isLast={place === fields.length - 1} />
      ))}
    </Stack>
  );
}
