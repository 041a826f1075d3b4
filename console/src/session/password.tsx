import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { say } from "../shell/notices";
import { changePassword } from "./coming-in";

const LEAST = 10;

/** Another password, or the first one of somebody who came in by a link. */
export function ChangePassword({ onClose }: { onClose: () => void }) {
  const form = useForm({
    initialValues: { password: "" },
    validate: {
      password: (value) =>
        value.length >= LEAST ? null : `At least ${LEAST} characters: a sentence is good`,
    },
  });
  const changing = useMutation({
    mutationFn: ({ password }: { password: string }) => changePassword(password),
    onSuccess: () => {
      say("The password is changed");
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Choose a password">
      <form onSubmit={form.onSubmit((values) => changing.mutate(values))}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            Wherever else you are logged in, you log in anew.
          </Text>
          {changing.error && <Alert color="red" title={changing.error.message} role="alert" />}
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            data-autofocus
            {...form.getInputProps("password")}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={changing.isPending}>
              Change it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
