import { TextInput } from "@mantine/core";
import { useState } from "react";
import { numberOf, textOf } from "./sorts";

interface NumberFieldProps {
  value: number;
  onChange: (value: number) => void;
  size: "xs";
  "aria-label": string;
  disabled: boolean;
  className: string | undefined;
}

/** A number exactly as it is. What is no number yet is kept here until it is. */
export function NumberField({ value, onChange, ...rest }: NumberFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  const type = (text: string) => {
    setTyped(text);
    const number = numberOf(text);
    if (number !== null) onChange(number);
  };
  return (
    <TextInput
      {...rest}
      inputMode="decimal"
      value={typed ?? textOf(value)}
      error={typed !== null && numberOf(typed) === null && "A number, such as 50 or 9.5"}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => setTyped(null)}
    />
  );
}
