import { Alert, Button, CloseButton, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { campaigns, told } from "../../api/client";
import { changed, remove, rename } from "../document/edits";
import { stepNode, stepOf } from "../document/graph";
import type { Problem, Problems } from "../document/problems";
import type { Step } from "../document/types";
import { useEditor } from "./editor";
import { Field, type Property } from "./fields";
import { SourceInspector } from "./source-inspector";

const WAYS = new Set(["next", "yes", "no", "do", "decide"]);

/** What is selected, in detail: the form comes from the service's schema of the step's kind. */
export function Inspector({ problems }: { problems: Problems }) {
  const { selected, document, change } = useEditor();
  const [node] = selected;
  const close = <CloseButton aria-label="Close" onClick={() => change({ kind: "select", nodes: [] })} />;
  if (selected.length !== 1 || node === undefined) return null;
  const id = stepOf(node);
  const step = id === null ? undefined : document.steps[id];
  if (id !== null && step) {
    return <StepInspector key={id} id={id} step={step} problems={problems[id] ?? []} close={close} />;
  }
  return (
    <SourceInspector
      place={Number(node.slice("source:".length))}
      problems={problems[""] ?? []}
      close={close}
    />
  );
}

interface StepInspectorProps {
  id: string;
  step: Step;
  problems: Problem[];
  close: ReactNode;
}

function StepInspector({ id, step, problems, close }: StepInspectorProps) {
  const { document, edit, change, readOnly } = useEditor();
  const kind = useKind(step);
  const properties = Object.entries(kind?.properties ?? {}).filter(([name]) => !WAYS.has(name));
  const others = Object.keys(document.steps).filter((one) => one !== id);
  const own = problems.filter((one) => !properties.some(([name]) => one.at.split("/")[0] === name));
  return (
    <Stack p="md" gap="md" aria-label={`Step ${id}`} component="section">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2}>{kind?.title ?? id}</Title>
        {close}
      </Group>
      {kind?.description && (
        <Text size="sm" c="dimmed">
          {kind.description}
        </Text>
      )}
      {own.map((problem) => (
        <Alert key={problem.at + problem.message} color="red" p="xs" title={problem.message} />
      ))}
      <NameField id={id} />
      {properties.map(([name, property]) => (
        <Field
          key={name}
          name={name}
          property={property as Property}
          value={step[name]}
          required={kind?.required.includes(name) ?? false}
          error={problems.find((one) => one.at.split("/")[0] === name)?.message}
          readOnly={readOnly}
          steps={others}
          channel={CHANNELS[step.do ?? ""] ?? null}
          onChange={(value) => edit(changed(document, id, withSetting(step, name, value)), `${id}/${name}`)}
        />
      ))}
      {!readOnly && (
        <Button
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={16} />}
          onClick={() => {
            edit(remove(document, [id]));
            change({ kind: "select", nodes: [] });
          }}
        >
          Take this step out
        </Button>
      )}
    </Stack>
  );
}

const CHANNELS: Record<string, string> = {
  send_email: "email",
  send_sms: "sms",
  webhook: "webhook",
  notify: "notify",
};

/** The step's name: what other steps, YAML and reports call it. */
function NameField({ id }: { id: string }) {
  const { document, places, change, readOnly } = useEditor();
  const [typed, setTyped] = useState(id);
  const taken = typed !== id && typed in document.steps;
  const wrong = !/^[a-z0-9][a-z0-9_-]{0,99}$/.test(typed) || /^\d+$/.test(typed);
  const keep = () => {
    if (taken || wrong || typed === id) return setTyped(id);
    const { [stepNode(id)]: place, ...others } = places;
    const moved = place ? { ...others, [stepNode(typed)]: place } : others;
    change({ kind: "draw", drawing: { document: rename(document, id, typed), places: moved } });
    change({ kind: "select", nodes: [stepNode(typed)] });
  };
  return (
    <TextInput
      label="Name"
      description="What YAML and reports call it"
      value={typed}
      readOnly={readOnly}
      error={taken ? "There is a step of that name" : wrong && "Lower-case letters, digits, - and _"}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => event.key === "Enter" && keep()}
    />
  );
}

interface KindOfStep {
  title: string;
  description: string;
  properties: Record<string, unknown>;
  required: string[];
}

function useKind(step: Step): KindOfStep | null {
  const { data } = useQuery({
    queryKey: ["step kinds"],
    queryFn: () => told(campaigns.GET("/schemas/steps")),
    staleTime: Infinity,
  });
  const name = step.do ?? step.decide ?? "if";
  const kind = data?.steps.find((one) => one.name === name);
  if (!kind) return null;
  const { properties, required } = kind.schema as {
    properties?: Record<string, unknown>;
    required?: string[];
  };
  return {
    title: kind.title,
    description: kind.description,
    properties: properties ?? {},
    required: required ?? [],
  };
}

function withSetting(step: Step, name: string, value: unknown): Step {
  if (value !== undefined) return { ...step, [name]: value };
  const { [name]: _, ...without } = step;
  return without;
}
