import { Alert, Button, Group, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";

interface ConflictProps {
  /** `segment`, `message`. */
  thing: string;
  onTheirs: () => void;
  /** Null: what is there is another thing of the same key, and must not be replaced. */
  onOurs: (() => void) | null;
}

/** Somebody else saved meanwhile: whose work stays is for people to say. */
export function Conflict({ thing, onTheirs, onOurs }: ConflictProps) {
  return (
    <Alert
      color="orange"
      role="alert"
      icon={<IconUsers size={18} />}
      title={onOurs ? `Somebody else changed this ${thing}` : `There is a ${thing} of that key already`}
    >
      <Group justify="space-between">
        <Text size="sm">
          {onOurs
            ? "What you changed since is not saved. Take theirs, or put yours in its place."
            : "Open the one that is there, or begin again with another key."}
        </Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onTheirs}>
            {onOurs ? "Take theirs" : "Open it"}
          </Button>
          {onOurs && (
            <Button size="xs" color="orange" onClick={onOurs}>
              Keep mine
            </Button>
          )}
        </Group>
      </Group>
    </Alert>
  );
}
