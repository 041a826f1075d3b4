import { Modal, Stack, Text } from "@mantine/core";
import { Snippet } from "../../shell/copy";
import type { LinkKind, Person } from "./use-people";

interface LinkModalProps {
  kind: LinkKind;
  link: string;
  person: Pick<Person, "name" | "email">;
  onClose: () => void;
}

const GOOD_FOR: Record<LinkKind, string> = {
  invite: "It is good for seven days and one use: they choose a password with it.",
  login: "It is good for a quarter of an hour and one use.",
};

/** A secret link, shown this once. */
export function LinkModal({ kind, link, person, onClose }: LinkModalProps) {
  return (
    <Modal opened onClose={onClose} title={`A link for ${person.name}`}>
      <Stack gap="sm">
        <Text size="sm">
          Send it to {person.email}, and to nobody else. {GOOD_FOR[kind]} It is shown this once.
        </Text>
        <Snippet code={link} label="Copy the link" />
      </Stack>
    </Modal>
  );
}
