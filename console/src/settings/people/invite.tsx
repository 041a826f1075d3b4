import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { campaigns, told } from "../../api/client";
import { fieldsOf } from "../../shell/problems";
import { Refusal } from "../editing/refusal";
import { LinkModal } from "./link-modal";
import { linkOf, type Person, ROLES } from "./use-people";

const FIELDS = ["email", "name", "role"] as const;

/** Somebody is let in: their link is shown, to be sent to them. */
export function Invite({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm({
    initialValues: { email: "", name: "", role: "editor" as Person["role"] },
    validate: {
      email: (email) => (/^\S+@\S+$/.test(email.trim()) ? null : "An e-mail address"),
      name: (name) => (name.trim() ? null : "How others know them"),
    },
  });
  const inviting = useMutation({
    mutationFn: (given: typeof form.values) => told(campaigns.POST("/people", { body: given })),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["people"] }),
    onError: (error) => form.setErrors(fieldsOf(error)),
  });
  if (inviting.data) {
    const { person, token } = inviting.data;
    return <LinkModal kind="invite" link={linkOf("invite", token)} person={person} onClose={onClose} />;
  }
  return (
    <Modal opened onClose={onClose} title="Invite somebody">
      <form onSubmit={form.onSubmit((values) => inviting.mutate(values))}>
        <Stack gap="sm">
          <Refusal error={inviting.error} isNew fields={FIELDS} />
          <TextInput label="Name" data-autofocus {...form.getInputProps("name")} />
          <TextInput label="E-mail" type="email" {...form.getInputProps("email")} />
          <Select label="Role" data={[...ROLES]} allowDeselect={false} {...form.getInputProps("role")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={inviting.isPending}>
              Make the link
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
