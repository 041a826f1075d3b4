import { Alert, Button, Loader, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { comeIn, whoIsInvited } from "./coming-in";
import { Door } from "./door";

const LEAST = 10;

/** Whoever was invited chooses a name and a password. */
export function Invite() {
  const [token] = useState(() => window.location.hash.slice(1));
  const invited = useQuery({
    queryKey: ["invited", token],
    queryFn: () => whoIsInvited(token),
    retry: false,
  });
  if (invited.isPending) return <Loader aria-label="Looking at your invitation" />;
  if (invited.error) {
    return (
      <Door title="This invitation is over">
        <Text>{invited.error.message}</Text>
      </Door>
    );
  }
  return <Accept token={token} email={invited.data.email} name={invited.data.name} />;
}

function Accept({ token, email, name }: { token: string; email: string; name: string }) {
  const form = useForm({
    initialValues: { name, password: "" },
    validate: {
      name: (value) => (value.trim() ? null : "Say how others know you"),
      password: (value) =>
        value.length >= LEAST ? null : `At least ${LEAST} characters: a sentence is good`,
    },
  });
  const navigate = useNavigate();
  const accepting = useMutation({
    mutationFn: (given: { name: string; password: string }) => comeIn("/invitation", { token, ...given }),
    onSuccess: () => navigate({ to: "/campaigns", replace: true }),
  });
  return (
    <Door title="Welcome to Canvass">
      <form onSubmit={form.onSubmit((values) => accepting.mutate(values))}>
        <Stack>
          <Text c="dimmed">You log in as {email}.</Text>
          {accepting.error && <Alert color="red" title={accepting.error.message} role="alert" />}
          <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
          <PasswordInput
            label="Choose a password"
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={accepting.isPending}>
            Come in
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
