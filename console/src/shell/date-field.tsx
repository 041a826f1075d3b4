import { TextInput } from "@mantine/core";

interface DateFieldProps {
  label: string;
  description?: string | undefined;
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
  /** RFC 3339, or nothing. */
  value: string;
  onChange: (value: string | undefined) => void;
}

/** A time, in the zone of whoever chooses it. */
export function DateField({ value, onChange, ...rest }: DateFieldProps) {
  return (
    <TextInput
      {...rest}
      type="datetime-local"
      value={local(value)}
      onChange={(event) => {
        const chosen = new Date(event.currentTarget.value);
        onChange(Number.isNaN(chosen.getTime()) ? undefined : chosen.toISOString());
      }}
    />
  );
}

function local(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return "";
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
