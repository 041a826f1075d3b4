import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { keyOf, wrongKey } from "./keys";

interface NewThingProps {
  /** `segment`, `message`. */
  thing: string;
  /** An example of a name. */
  placeholder: string;
  /** What there is to say before it is made. */
  children?: ReactNode;
  onClose: () => void;
  onMake: (key: string, name: string) => void;
  size?: string;
}

/** A name and a key, with which something new begins. */
export function NewThing({ thing, placeholder, children, onClose, onMake, size = "md" }: NewThingProps) {
  const [name, setName] = useState("");
  const [key, setKey] = useState<string | null>(null);
  const chosen = key ?? keyOf(name);
  const wrong = chosen ? wrongKey(chosen) : null;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`New ${thing}`}
      size={size}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() && chosen && !wrong) onMake(chosen, name.trim());
        }}
      >
        <Stack>
          {children}
          <TextInput
            label="Name"
            placeholder={placeholder}
            value={name}
            maxLength={200}
            required
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Key"
            description="By which campaigns and code name it. It stays as it is"
            placeholder={keyOf(placeholder)}
            value={chosen}
            error={wrong}
            maxLength={100}
            required
            styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
            onChange={(event) => setKey(event.currentTarget.value.toLowerCase())}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!name.trim() || !chosen || wrong !== null}>
              Go on
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
