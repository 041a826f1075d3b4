import { Alert, Button, Grid, Group, Kbd, Stack, Tabs, Text, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconUsers } from "@tabler/icons-react";
import { Link, useSearch } from "@tanstack/react-router";
import { Refused } from "../api/problem";
import { isWhole } from "../rules/edits";
import { RulesField } from "../rules/rules-field";
import { useMay } from "../session/context";
import { Conflict } from "../shell/conflict";
import { Page } from "../shell/page";
import { useGuard } from "../shell/use-guard";
import { type Loaded, ToSegments } from "./editor";
import { Members } from "./members";
import { Counted } from "./counted";
import { problemsOf, usePreview } from "./use-preview";
import { useSegmentDraft } from "./use-segment-draft";
import { useSegmentNow } from "./use-segment-now";

interface WorkProps {
  segment: string;
  loaded: Loaded;
  /** What it is called before it says so itself. */
  named: string;
  onReload: () => void;
}

/** One segment: its rules with whom they mean, and its members. */
export function Work({ segment, loaded, named, onReload }: WorkProps) {
  const { tab = "rules" } = useSearch({ from: "/inside/segments/$key" });
  const readOnly = !useMay("segments:write");
  const editing = useSegmentDraft(segment, loaded, named);
  const { draft, isNew } = editing;
  const now = useSegmentNow(segment, !isNew);
  const preview = usePreview(draft.rules);
  const problems = editing.isChanged ? { ...problemsOf(editing.error), ...preview.problems } : {};
  const canSave = !readOnly && editing.isChanged && isWhole(draft.rules) && draft.name.trim() !== "";
  const save = () => canSave && editing.save();
  useHotkeys([["mod+S", save]], []);
  useGuard(editing.isChanged && !readOnly && !(isNew && isEmpty(draft.rules)));
  const action = !readOnly && (
    <Button
      loading={editing.isSaving}
      disabled={!canSave}
      onClick={editing.save}
      rightSection={<Kbd size="xs">⌘S</Kbd>}
    >
      {isNew ? "Make the segment" : editing.isChanged ? "Save" : "Saved"}
    </Button>
  );
  return (
    <Page
      title={draft.name || segment}
      about={
        <Group gap="xs" component="span">
          <ToSegments /> / <code>{segment}</code>
        </Group>
      }
      actions={action}
    >
      {editing.isConflict && (
        <Conflict thing="segment" onTheirs={onReload} onOurs={isNew ? null : editing.overwrite} />
      )}
      {editing.error && !editing.isConflict && (
        <Alert color="red" role="alert" title={editing.error.message} />
      )}
      <Tabs value={tab} keepMounted={false}>
        <Tabs.List>
          <Tab tab="rules" label="Rules" />
          {!isNew && (
            <Tab tab="members" label={`Members${now ? ` · ${now.members.toLocaleString()}` : ""}`} />
          )}
        </Tabs.List>
        <Tabs.Panel value="rules" pt="md">
          <Grid gap="xl">
            <Grid.Col span={{ base: 12, md: 8 }}>
              <Stack>
                <TextInput
                  label="Name"
                  value={draft.name}
                  error={nameProblem(editing.error)}
                  maxLength={200}
                  readOnly={readOnly}
                  maw={480}
                  onChange={(event) => editing.setDraft({ ...draft, name: event.currentTarget.value })}
                />
                <RulesField
                  label="Who is in it"
                  description={readOnly ? undefined : "Alt and an arrow move a rule up or down"}
                  error={problems[""]}
                  schema="#/$defs/rules"
                  value={draft.rules}
                  readOnly={readOnly}
                  problems={problems}
                  onChange={(rules) => editing.setDraft({ ...draft, rules })}
                />
              </Stack>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 4 }}>
              <Counted preview={preview} isWhole={isWhole(draft.rules)} />
            </Grid.Col>
          </Grid>
        </Tabs.Panel>
        <Tabs.Panel value="members" pt="md">
          {now && !now.built && (
            <Alert color="orange" variant="light" icon={<IconUsers size={18} />} mb="md" p="xs">
              <Text size="sm">
                Contacts are still being judged by the latest rules: more may come, and go.
              </Text>
            </Alert>
          )}
          <Members segment={segment} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Tab({ tab, label }: { tab: "rules" | "members"; label: string }) {
  return (
    <Tabs.Tab
      value={tab}
      renderRoot={(props) => (
        <Link
          from="/segments/$key"
          search={(before) => ({ ...before, tab: tab === "rules" ? undefined : tab })}
          {...props}
        />
      )}
    >
      {label}
    </Tabs.Tab>
  );
}

function isEmpty(rules: unknown): boolean {
  return JSON.stringify(rules) === JSON.stringify({ match: "all", rules: [] });
}

function nameProblem(error: Error | null): string | undefined {
  return error instanceof Refused ? error.fields["/name"] : undefined;
}
