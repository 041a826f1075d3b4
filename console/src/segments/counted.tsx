import { Anchor, Button, List, Paper, Progress, Stack, Text, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { ContactName } from "../contacts/contact-name";
import type { usePreview } from "./use-preview";

interface CountedProps {
  preview: ReturnType<typeof usePreview>;
  /** Whether the rules say enough to be counted. */
  isWhole: boolean;
}

/** How many contacts the rules mean now, and who some of them are. */
export function Counted({ preview, isWhole }: CountedProps) {
  const { data, error, isCounting } = preview;
  if (!isWhole) {
    return (
      <Panel>
        <Text size="sm" c="dimmed">
          {data ? "Finish the new rule to count again." : "Add a rule, and see at once whom it means."}
        </Text>
      </Panel>
    );
  }
  if (error && Object.keys(preview.problems).length > 0) {
    return (
      <Panel>
        <Text size="sm" c="dimmed">
          Put right what is marked in red, and it is counted again.
        </Text>
      </Panel>
    );
  }
  if (error) {
    return (
      <Panel>
        <Text size="sm" c="red" role="alert">
          {error.message}
        </Text>
        <Button size="xs" variant="light" onClick={preview.again}>
          Count again
        </Button>
      </Panel>
    );
  }
  if (!data) return <Panel>{null}</Panel>;
  const { count, total, exact, sample } = data;
  return (
    <Panel>
      <div style={{ opacity: isCounting ? 0.5 : 1 }} aria-busy={isCounting}>
        <Text fz={30} fw={650} lh={1.1} className="numbers" aria-live="polite">
          {!exact && "≈ "}
          {count.toLocaleString()}
        </Text>
        <Text size="sm" c="dimmed" mb="xs">
          of {total.toLocaleString()} contacts{exact ? "" : ", estimated from some of them"}
        </Text>
        <Progress value={total ? (100 * count) / total : 0} size="sm" aria-label="Share of all contacts" />
      </div>
      {sample.length > 0 && (
        <>
          <Text size="xs" fw={600} c="dimmed" mt="xs">
            For example
          </Text>
          <List size="sm" spacing={2} listStyleType="none">
            {sample.map((id) => (
              <List.Item key={id}>
                <Anchor component={Link} to={`/contacts/${id}`} size="sm">
                  <ContactName id={id} />
                </Anchor>
              </List.Item>
            ))}
          </List>
        </>
      )}
      {count === 0 && (
        <Text size="sm" c="dimmed">
          Nobody yet. Whoever comes to be like this enters by themselves.
        </Text>
      )}
    </Panel>
  );
}

function Panel({ children }: { children: React.ReactNode }) {
  return (
    <Paper withBorder p="md" pos="sticky" top={68} component="section" aria-label="Who that is now">
      <Stack gap="xs" align="stretch">
        <VisuallyHidden>
          <h2>Who that is now</h2>
        </VisuallyHidden>
        {children}
      </Stack>
    </Paper>
  );
}
