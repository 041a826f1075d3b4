import { Alert, Button, Group } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";

/** Somebody else saved meanwhile: whose work stays is for people to say. */
export function Conflict({ onTheirs, onOurs }: { onTheirs: () => void; onOurs: () => void }) {
  return (
    <Alert
      color="orange"
      icon={<IconUsers size={18} />}
      radius={0}
      role="alert"
      title="Somebody else changed this campaign"
    >
      <Group justify="space-between">
        What you drew since is not saved. Take theirs, or put yours in its place.
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={onTheirs}>
            Take theirs
          </Button>
          <Button size="xs" color="orange" onClick={onOurs}>
            Keep mine
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
