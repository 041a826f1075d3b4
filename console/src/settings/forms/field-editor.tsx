import { ActionIcon, Autocomplete, Checkbox, Grid, Group, Paper, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import type { FormValues } from "./values";

const TYPES = [
  { value: "text", label: "Text" },
  { value: "email", label: "E-mail" },
  { value: "phone", label: "Phone" },
  { value: "number", label: "Number" },
  { value: "checkbox", label: "Checkbox" },
  { value: "hidden", label: "Hidden" },
];
const KNOWN = ["email", "phone", "user_id", "first_name", "last_name", "company", "country"];

interface FieldEditorProps {
  form: UseFormReturnType<FormValues>;
  place: number;
  isLast: boolean;
}

/** One question: what is asked, and what of the contact the answer becomes. */
export function FieldEditor({ form, place, isLast }: FieldEditorProps) {
  const at = (name: string) => form.getInputProps(`fields.${place}.${name}`);
  const field = form.values.fields[place];
  if (!field) return null;
  const called = field.label || field.name;
  const move = (to: number) => form.reorderListItem("fields", { from: place, to });
  return (
    <Paper withBorder p="sm" role="group" aria-label={`Question ${called}`}>
      <Grid gap="xs">
        <Grid.Col span={{ base: 12, xs: 5 }}>
          {field.type === "hidden" ? (
            <TextInput size="xs" label="Always says" {...at("value")} />
          ) : (
            <TextInput size="xs" label="Label" placeholder="Your e-mail" {...at("label")} />
          )}
        </Grid.Col>
        <Grid.Col span={{ base: 6, xs: 4 }}>
          <TextInput size="xs" label="Sent as" {...at("name")} />
        </Grid.Col>
        <Grid.Col span={{ base: 6, xs: 3 }}>
          <Select size="xs" label="Type" data={TYPES} allowDeselect={false} {...at("type")} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, xs: 5 }}>
          <Autocomplete
            size="xs"
            label="Becomes of the contact"
            placeholder="Nothing"
            data={KNOWN}
            {...at("maps_to")}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 6, xs: 4 }}>
          <Checkbox
            size="xs"
            label="Required"
            mt={28}
            {...form.getInputProps(`fields.${place}.required`, { type: "checkbox" })}
          />
        </Grid.Col>
        <Grid.Col span={{ base: 6, xs: 3 }}>
          <Group gap={2} justify="flex-end" mt={22} wrap="nowrap">
            <ActionIcon
              variant="transparent"
              color="gray"
              bg="transparent"
              aria-label={`Move ${called} up`}
              disabled={place === 0}
              onClick={() => move(place - 1)}
            >
              <IconArrowUp size={15} />
            </ActionIcon>
            <ActionIcon
              variant="transparent"
              color="gray"
              bg="transparent"
              aria-label={`Move ${called} down`}
              disabled={isLast}
              onClick={() => move(place + 1)}
            >
              <IconArrowDown size={15} />
            </ActionIcon>
            <ActionIcon
              variant="transparent"
              color="red"
              aria-label={`Take ${called} out`}
              disabled={form.values.fields.length === 1}
              onClick={() => form.removeListItem("fields", place)}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Group>
        </Grid.Col>
      </Grid>
    </Paper>
  );
}
