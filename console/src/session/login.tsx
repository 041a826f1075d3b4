import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { comeIn } from "./coming-in";
import { Door } from "./door";

/** E-mail and password; or a one-time link, whose token stands behind the #, where no server logs it. */
export function Login() {
  const form = useForm({ initialValues: { email: "", password: "" } });
  const coming = useMutation({ mutationFn: (given: Given) => comeIn(given.way, given.with) });
  useLink((token) => coming.mutate({ way: "/link", with: { token } }));
  return (
    <Door title="Log in">
      <form onSubmit={form.onSubmit((values) => coming.mutate({ way: "", with: values }))}>
        <Stack>
          {coming.error && <Alert color="red" title={coming.error.message} role="alert" />}
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={coming.isPending}>
            Log in
          </Button>
        </Stack>
      </form>
    </Door>
  );
}

interface Given {
  way: "" | "/link";
  with: Record<string, string>;
}

/** The token of the address, used once and taken out of sight. */
function useLink(use: (token: string) => void) {
  const used = useRef(false);
  useEffect(() => {
    const token = window.location.hash.slice(1);
    if (!token || used.current) return;
    used.current = true;
    window.history.replaceState(null, "", window.location.pathname);
    use(token);
  });
}
