import { Grid, PasswordInput, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { SenderValues } from "./sender-form";

const SECURITY = [
  { value: "required", label: "STARTTLS, or do not send" },
  { value: "auto", label: "STARTTLS where the server offers it" },
  { value: "smtps", label: "TLS from the first byte (SMTPS)" },
  { value: "never", label: "None: for a server on this machine" },
];

/** Of a mail server: where it is, and how one logs in there. */
export function ServerFields({ form }: { form: UseFormReturnType<SenderValues> }) {
  return (
    <Grid gap="sm">
      <Grid.Col span={8}>
        <TextInput
          label="Server"
          placeholder="mail.example.com"
          {...form.getInputProps("server.host")}
          error={form.errors["server.host"] ?? form.errors["url"]}
        />
      </Grid.Col>
      <Grid.Col span={4}>
        <TextInput
          label="Port"
          placeholder="587"
          inputMode="numeric"
          {...form.getInputProps("server.port")}
        />
      </Grid.Col>
      <Grid.Col span={12}>
        <Select
          label="Encryption"
          data={SECURITY}
          allowDeselect={false}
          {...form.getInputProps("server.security")}
        />
      </Grid.Col>
      <Grid.Col span={6}>
        <TextInput label="User" autoComplete="off" {...form.getInputProps("server.user")} />
      </Grid.Col>
      <Grid.Col span={6}>
        <PasswordInput
          label="Password"
          autoComplete="new-password"
          {...form.getInputProps("server.password")}
        />
      </Grid.Col>
    </Grid>
  );
}
