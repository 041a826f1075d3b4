import { Alert, Autocomplete, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { RulesField } from "../../rules/rules-field";
import { withSources } from "../document/edits";
import type { Problem } from "../document/problems";
import type { Source, Where } from "../document/types";
import { titleOfSource } from "../document/words";
import { useEditor } from "./editor";
import { useKeys } from "./use-keys";

interface SourceInspectorProps {
  place: number;
  problems: Problem[];
  close: ReactNode;
}

/** By what contacts come in. */
export function SourceInspector({ place, problems, close }: SourceInspectorProps) {
  const { document, edit, change, readOnly } = useEditor();
  const source = document.sources[place];
  if (!source) return null;
  const put = (next: Source) =>
    edit(
      withSources(
        document,
        document.sources.map((one, at) => (at === place ? next : one)),
      ),
      `source/${place}`,
    );
  const errorAt = (name: string) => problems.find((one) => one.at === `sources/${place}/${name}`)?.message;
  const here = problems.filter((one) => one.at === `sources/${place}`);
  return (
    <Stack p="md" gap="md" component="section" aria-label={titleOfSource(source).title}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2}>{titleOfSource(source).title}</Title>
        {close}
      </Group>
      {here.map((problem) => (
        <Alert key={problem.message} color="red" p="xs" title={problem.message} />
      ))}
      <WhichOne source={source} put={put} errorAt={errorAt} readOnly={readOnly} />
      {!("segment" in source) && (
        <RulesField
          label="Only where"
          description='Such as {"properties.plan": "pro"}'
          error={errorAt("where")}
          schema={`#/$defs/${"form" in source ? "form_submitted" : "event_tracked"}_where`}
          value={source.where}
          readOnly={readOnly}
          onChange={(where) => put(narrowed(source, where as Where | undefined))}
        />
      )}
      {!readOnly && document.sources.length > 1 && (
        <Button
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() => {
            edit(
              withSources(
                document,
                document.sources.filter((_, at) => at !== place),
              ),
            );
            change({ kind: "select", nodes: [] });
          }}
        >
          Take this source out
        </Button>
      )}
    </Stack>
  );
}

interface WhichOneProps {
  source: Source;
  put: (source: Source) => void;
  errorAt: (name: string) => string | undefined;
  readOnly: boolean;
}

function WhichOne({ source, put, errorAt, readOnly }: WhichOneProps) {
  const segments = useKeys("segment");
  const forms = useKeys("form");
  if ("segment" in source) {
    return (
      <>
        <Autocomplete
          label="Segment"
          data={segments}
          value={source.segment}
          error={errorAt("segment")}
          disabled={readOnly}
          onChange={(segment) => put({ segment })}
        />
        <Text size="xs" c="dimmed">
          Who is in it when you publish enters, too.
        </Text>
      </>
    );
  }
  if ("form" in source) {
    return (
      <Autocomplete
        label="Form"
        data={forms}
        value={source.form}
        error={errorAt("form")}
        disabled={readOnly}
        onChange={(form) => put({ ...source, form })}
      />
    );
  }
  return (
    <TextInput
      label="Event"
      description="Its name, as the site calls it"
      value={source.event}
      error={errorAt("event")}
      disabled={readOnly}
      onChange={(event) => put({ ...source, event: event.currentTarget.value })}
    />
  );
}

function narrowed<S extends { where?: Where }>(source: S, where: Where | undefined): S {
  const { where: _, ...all } = source;
  return (where ? { ...all, where } : all) as S;
}
