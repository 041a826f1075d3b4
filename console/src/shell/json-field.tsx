import { JsonInput } from "@mantine/core";
import { useState } from "react";

interface JsonFieldProps {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
  readOnly: boolean;
}

/** A value as JSON. What is no JSON yet is kept here until it is. */
export function JsonField({ label, description, error, value, onChange, readOnly }: JsonFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (value === undefined ? "" : JSON.stringify(value, null, 2));
  const change = (text: string) => {
    setTyped(text);
    if (!text.trim()) return onChange(undefined);
    try {
      onChange(JSON.parse(text));
    } catch {
      // not whole yet
    }
  };
  return (
    <JsonInput
      label={label}
      description={description}
      error={error}
      value={shown}
      onChange={change}
      onBlur={() => setTyped(null)}
      readOnly={readOnly}
      autosize
      minRows={3}
      maxRows={14}
      validationError="This is no JSON yet"
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: 12.5 } }}
    />
  );
}
