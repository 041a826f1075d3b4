import { Alert, Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { fieldsOf, restOf } from "../shell/problems";
import type { Contact } from "./types";
import { useChange } from "./use-change";

const FIELDS = ["email", "phone", "user_id"] as const;

/** Change by what a contact is known. */
export function EditIdentity({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const form = useForm({
    initialValues: {
      email: contact.email ?? "",
      phone: contact.phone ?? "",
      user_id: contact.user_id ?? "",
    },
  });
  const changing = useChange(contact, onClose);
  const change = (values: typeof form.values) => {
    const changed = FIELDS.filter((field) => values[field].trim() !== (contact[field] ?? ""));
    if (changed.length === 0) return onClose();
    const patch = Object.fromEntries(changed.map((field) => [field, values[field].trim() || null]));
    changing.mutate(patch, { onError: (error) => form.setErrors(fieldsOf(error)) });
  };
  const rest = restOf(changing.error, FIELDS);
  return (
    <Modal opened onClose={onClose} title="Who it is">
      <form onSubmit={form.onSubmit(change)}>
        <Stack gap="sm">
          {rest && <Alert color="red" title={rest} role="alert" />}
          <TextInput label="E-mail" data-autofocus {...form.getInputProps("email")} />
          <TextInput
            label="Phone"
            type="tel"
            description="With its country code"
            {...form.getInputProps("phone")}
          />
          <TextInput
            label="User id"
            description="By which your own system knows the contact"
            {...form.getInputProps("user_id")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={changing.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
