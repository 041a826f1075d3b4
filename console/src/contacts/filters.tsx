import { CloseButton, Group, Kbd, Pill, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";

const PAUSE_MS = 250;

/** What the list is narrowed to. It stands in the address, so that it can be sent to somebody. */
export function Filters({ search = "", tag }: { search?: string | undefined; tag?: string | undefined }) {
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(search);
  const [sought, setSought] = useState(search);
  const seek = useDebouncedCallback((text: string) => {
    setSought(text.trim());
    void navigate({ to: "/contacts", search: { search: text.trim() || undefined, tag }, replace: true });
  }, PAUSE_MS);
  const [seen, setSeen] = useState(search);
  if (search !== seen) {
    setSeen(search);
    if (search !== sought) setTyped(search); // not from here: somebody went back, or followed a link
  }
  useHotkeys([["/", () => field.current?.focus()]]);
  const type = (text: string) => {
    setTyped(text);
    seek(text);
  };
  return (
    <Group>
      <TextInput
        ref={field}
        aria-label="Search contacts"
        placeholder="Name, e-mail, user id or phone"
        leftSection={<IconSearch size={16} />}
        rightSection={
          typed ? (
            <CloseButton size="sm" aria-label="Search for nothing" onClick={() => type("")} />
          ) : (
            <Kbd size="xs">/</Kbd>
          )
        }
        value={typed}
        maxLength={100}
        onChange={(event) => type(event.currentTarget.value)}
        w={{ base: "100%", sm: 360 }}
      />
      {tag && (
        <Pill
          size="lg"
          withRemoveButton
          removeButtonProps={{ "aria-label": `Whatever the tag, not ${tag} alone` }}
          onRemove={() => void navigate({ to: "/contacts", search: { search: search || undefined } })}
        >
          Tag: {tag}
        </Pill>
      )}
    </Group>
  );
}
