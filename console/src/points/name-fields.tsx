import { Group, TextInput } from "@mantine/core";

interface NameFieldsProps {
  name: string;
  placeholder: string;
  onName: (name: string) => void;
  /** Null: it has its key for ever. */
  keyField: { value: string; error: string | null; onChange: (key: string) => void } | null;
}

/** What it is called: for people, and for code. */
export function NameFields({ name, placeholder, onName, keyField }: NameFieldsProps) {
  return (
    <Group grow align="flex-start">
      <TextInput
        label="Name"
        placeholder={placeholder}
        value={name}
        maxLength={200}
        required
        data-autofocus
        onChange={(event) => onName(event.currentTarget.value)}
      />
      {keyField && (
        <TextInput
          label="Key"
          value={keyField.value}
          error={keyField.error}
          maxLength={100}
          required
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          onChange={(event) => keyField.onChange(event.currentTarget.value)}
        />
      )}
    </Group>
  );
}
