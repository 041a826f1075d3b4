import {
  Alert,
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { KINDS, kindOf, readAs, type ValueKind, written } from "./attribute-value";
import type { Contact } from "./types";
import { useChange } from "./use-change";

interface EditAttributeProps {
  contact: Contact;
  /** Empty: a new one. */
  name: string;
  onClose: () => void;
}

/** Set an attribute of a contact, or take it away. */
export function EditAttribute({ contact, name, onClose }: EditAttributeProps) {
  const before = name ? contact.attributes[name] : undefined;
  const form = useForm({
    initialValues: { name, kind: kindOf(before), typed: written(before) },
    validate: {
      name: (value) => (value.trim() ? null : "What is it called? Such as country"),
      typed: (typed, { kind }) => {
        const read = readAs(kind, typed);
        return "wrong" in read ? read.wrong : null;
      },
    },
  });
  const changing = useChange(contact, onClose);
  const set = (values: typeof form.values) => {
    const read = readAs(values.kind, values.typed);
    if ("value" in read) changing.mutate({ attributes: { [values.name.trim()]: read.value } });
  };
  return (
    <Modal opened onClose={onClose} title={name ? `Attribute ${name}` : "New attribute"}>
      <form onSubmit={form.onSubmit(set)}>
        <Stack gap="sm">
          {changing.error && <Alert color="red" title={changing.error.message} role="alert" />}
          {!name && (
            <TextInput label="Name" placeholder="country" data-autofocus {...form.getInputProps("name")} />
          )}
          <SegmentedControl
            aria-label="Kind of value"
            data={[...KINDS]}
            value={form.values.kind}
            onChange={(kind) => form.setFieldValue("kind", kind)}
          />
          <ValueField
            kind={form.values.kind}
            typed={form.values.typed}
            error={form.errors["typed"]}
            onType={(typed) => form.setFieldValue("typed", typed)}
          />
          <Group justify="space-between">
            {name ? (
              <Button
                variant="subtle"
                color="red"
                onClick={() => changing.mutate({ attributes: { [name]: null } })}
              >
                Take away
              </Button>
            ) : (
              <span />
            )}
            <Button type="submit" loading={changing.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface ValueFieldProps {
  kind: ValueKind;
  typed: string;
  error: React.ReactNode;
  onType: (typed: string) => void;
}

function ValueField({ kind, typed, error, onType }: ValueFieldProps) {
  if (kind === "number") {
    return (
      <NumberInput label="Value" value={typed} error={error} onChange={(value) => onType(String(value))} />
    );
  }
  if (kind === "yes/no") {
    const yes = typed === "true";
    return <Switch label={yes ? "Yes" : "No"} checked={yes} onChange={() => onType(String(!yes))} />;
  }
  return (
    <Textarea
      label="Value"
      autosize
      minRows={kind === "JSON" ? 4 : 1}
      value={typed}
      error={error}
      onChange={(event) => onType(event.currentTarget.value)}
    />
  );
}
