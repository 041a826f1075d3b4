import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Refused } from "../api/problem";

/** Something did not work: what, and what to do. */
export function Failed({ error, again }: { error: Error; again?: () => void }) {
  const problem = error instanceof Refused ? error.problem : null;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title={problem?.title ?? "That did not work"}
      m="md"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{error.message}</Text>
        {problem?.instance && (
          <Text size="xs" c="dimmed">
            Quote {problem.instance} when you report it.
          </Text>
        )}
        {again && (
          <Button size="xs" variant="light" color="red" onClick={again}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
