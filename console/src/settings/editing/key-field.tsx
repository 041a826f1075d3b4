import { TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";

interface KeyFieldProps extends GetInputPropsReturnType {
  placeholder: string;
}

/** What a definition is called by others for ever. */
export function KeyField({ placeholder, ...field }: KeyFieldProps) {
  return (
    <TextInput
      label="Key"
      description="By which campaigns and code name it. It stays as it is"
      placeholder={placeholder}
      maxLength={63}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      {...field}
    />
  );
}

const KEY = /^[a-z0-9][a-z0-9_-]{0,62}$/;

export function wrongKey(key: string): string | null {
  return KEY.test(key) ? null : "Small letters, digits, - and _, such as our-shop";
}
