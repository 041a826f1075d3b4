import { Alert, Button, Group, Modal, SimpleGrid, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { told, tracking } from "../api/client";
import { asked } from "../api/pages";
import { fieldsOf, restOf } from "../shell/problems";

const FIELDS = ["email", "user_id", "phone", "first_name", "last_name", "tags"] as const;

/** Somebody who is written in by hand. Who is known already is told the rest. */
export function NewContact({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const form = useForm({
    initialValues: {
      email: "",
      user_id: "",
      phone: "",
      first_name: "",
      last_name: "",
      tags: new Array<string>(),
    },
    validate: {
      email: (email, { user_id: userId }) =>
        email.trim() || userId.trim() ? null : "An e-mail or a user id, by which the contact is known",
    },
  });
  const making = useMutation({
    mutationFn: ({ email, user_id, phone, first_name, last_name, tags }: typeof form.values) =>
      told(
        tracking.POST("/contacts", {
          body: { ...asked({ email, user_id, phone }), attributes: asked({ first_name, last_name }), tags },
        }),
      ),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: ["contacts"] });
      void navigate({ to: "/contacts/$id", params: { id: made.id } });
    },
    onError: (error) => form.setErrors(fieldsOf(error)),
  });
  const rest = restOf(making.error, FIELDS);
  return (
    <Modal opened onClose={onClose} title="New contact">
      <form onSubmit={form.onSubmit((values) => making.mutate(values))}>
        <Stack gap="sm">
          {rest && <Alert color="red" title={rest} role="alert" />}
          <TextInput label="E-mail" type="email" data-autofocus {...form.getInputProps("email")} />
          <TextInput
            label="User id"
            description="By which your own system knows the contact"
            {...form.getInputProps("user_id")}
          />
          <SimpleGrid cols={2} spacing="sm">
            <TextInput label="First name" {...form.getInputProps("first_name")} />
            <TextInput label="Last name" {...form.getInputProps("last_name")} />
          </SimpleGrid>
          <TextInput
            label="Phone"
            type="tel"
            placeholder="+14165550123"
            description="With its country code"
            {...form.getInputProps("phone")}
          />
          <TagsInput label="Tags" placeholder="Type one, then Enter" {...form.getInputProps("tags")} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={making.isPending}>
              Add contact
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
