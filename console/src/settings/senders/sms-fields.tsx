import { PasswordInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { SenderValues } from "./sender-form";

/** Of a provider of SMS that speaks as Twilio does. */
export function SmsFields({ form }: { form: UseFormReturnType<SenderValues> }) {
  return (
    <>
      <TextInput label="Account" placeholder="AC…" autoComplete="off" {...form.getInputProps("account")} />
      <PasswordInput
        label="Auth token"
        description="Three stars leave it as it is"
        autoComplete="new-password"
        {...form.getInputProps("token")}
      />
      <TextInput
        label="Address of the provider"
        description="Leave it empty for Twilio itself"
        placeholder="https://api.twilio.com"
        {...form.getInputProps("url")}
      />
    </>
  );
}
