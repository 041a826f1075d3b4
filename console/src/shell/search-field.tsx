import { CloseButton, Kbd, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useRef, useState } from "react";

const PAUSE_MS = 200;
const LONGEST = 100;

interface SearchFieldProps {
  label: string;
  placeholder: string;
  value: string;
  /** A moment after the last key. */
  onSearch: (text: string) => void;
}

/** What a list is narrowed to; `/` leads here. */
export function SearchField({ label, placeholder, value, onSearch }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const seek = useDebouncedCallback((text: string) => onSearch(text.trim()), PAUSE_MS);
  const [given, setGiven] = useState(value);
  if (value !== given) {
    setGiven(value);
    if (typed.trim() !== value) setTyped(value); // somebody went back, or asked for something else
  }
  useHotkeys([["/", () => field.current?.focus()]]);
  const type = (text: string) => {
    setTyped(text);
    seek(text);
  };
  return (
    <TextInput
      ref={field}
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} />}
      rightSection={
        typed ? (
          <CloseButton size="sm" aria-label="Search for nothing" onClick={() => type("")} />
        ) : (
          <Kbd size="xs">/</Kbd>
        )
      }
      value={typed}
      maxLength={LONGEST}
      onChange={(event) => type(event.currentTarget.value)}
      w={{ base: "100%", sm: 320 }}
    />
  );
}
