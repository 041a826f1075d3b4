import { ActionIcon, Button, Group, Input, Menu, Paper, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { NEW_REACTIONS, type ReactionKind } from "./edits";
import { ReactionForm } from "./reaction-form";
import type { Reaction } from "./types";

const MOST = 10;

const KINDS: Record<ReactionKind, { add: string; title: string }> = {
  webhook: { add: "Tell another system", title: "Tell another system, by a webhook" },
  notify: { add: "Notify people", title: "Notify people of ours, by e-mail" },
  segment: { add: "Change a segment", title: "Change a segment" },
};

interface ReactionsProps {
  reactions: Reaction[];
  /** By place: `do.0.webhook`. */
  problems: Record<string, string>;
  readOnly: boolean;
  onChange: (reactions: Reaction[]) => void;
}

/** What a trigger does, one after the other. */
export function Reactions({ reactions, problems, readOnly, onChange }: ReactionsProps) {
  return (
    <Input.Wrapper label="Then" labelElement="div" error={problems["do"]}>
      <Stack gap="xs" mt={4}>
        {reactions.map((reaction, place) => (
          <Paper key={place} withBorder p="xs" role="group" aria-label={titleOf(reaction)}>
            <Group justify="space-between" mb={4}>
              <Text size="xs" fw={600} c="dimmed">
                {titleOf(reaction)}
              </Text>
              {!readOnly && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`Take out: ${titleOf(reaction)}`}
                  onClick={() => onChange(reactions.toSpliced(place, 1))}
                >
                  <IconTrash size={14} />
                </ActionIcon>
              )}
            </Group>
            <ReactionForm
              reaction={reaction}
              problem={problemAt(problems, place)}
              readOnly={readOnly}
              onChange={(next) => onChange(reactions.with(place, next))}
            />
          </Paper>
        ))}
        {!readOnly && reactions.length < MOST && (
          <Menu position="bottom-start">
            <Menu.Target>
              <Button
                variant="light"
                size="xs"
                leftSection={<IconPlus size={14} />}
                style={{ alignSelf: "flex-start" }}
              >
                Do something more
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {(Object.keys(KINDS) as ReactionKind[]).map((kind) => (
                <Menu.Item key={kind} onClick={() => onChange([...reactions, NEW_REACTIONS[kind]])}>
                  {KINDS[kind].add}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

function titleOf(reaction: Reaction): string {
  const kind = "webhook" in reaction ? "webhook" : "notify" in reaction ? "notify" : "segment";
  return KINDS[kind].title;
}

function problemAt(problems: Record<string, string>, place: number): string | undefined {
  return Object.entries(problems).find(([at]) => at === `do.${place}` || at.startsWith(`do.${place}.`))?.[1];
}
