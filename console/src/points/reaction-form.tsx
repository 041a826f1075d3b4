import { Anchor, Autocomplete, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useKeys } from "../campaigns/canvas/use-keys";
import { JsonField } from "../shell/json-field";
import type { Reaction } from "./types";

interface ReactionFormProps {
  reaction: Reaction;
  problem: string | undefined;
  readOnly: boolean;
  onChange: (reaction: Reaction) => void;
}

/** One thing that a trigger does. */
export function ReactionForm(props: ReactionFormProps) {
  if ("webhook" in props.reaction) return <WebhookForm {...props} reaction={props.reaction} />;
  if ("notify" in props.reaction) return <NotifyForm {...props} reaction={props.reaction} />;
  return <SegmentForm {...props} reaction={props.reaction} />;
}

type Of<Kind> = Omit<ReactionFormProps, "reaction"> & { reaction: Extract<Reaction, Kind> };

function WebhookForm({ reaction, problem, readOnly, onChange }: Of<{ webhook: string }>) {
  const keys = useKeys("destination", "webhook");
  return (
    <Stack gap="xs">
      <Autocomplete
        size="xs"
        label="Destination"
        data={keys}
        value={reaction.webhook}
        error={problem}
        required
        onChange={(webhook) => onChange({ ...reaction, webhook })}
      />
      {keys.length === 0 && <NoDestination />}
      <JsonField
        label="Values"
        description='What it is told beside the contact, such as {"stage": "Hot Prospect"}'
        value={reaction.values}
        readOnly={readOnly}
        onChange={(values) => {
          const { values: _, ...rest } = reaction;
          onChange(isRecord(values) ? { ...rest, values } : rest);
        }}
      />
    </Stack>
  );
}

function NotifyForm({ reaction, problem, onChange }: Of<{ notify: string }>) {
  const keys = useKeys("destination", "notify");
  const templates = useKeys("template", "email");
  return (
    <>
      <Group grow align="flex-start">
        <Autocomplete
          size="xs"
          label="Who"
          data={keys}
          value={reaction.notify}
          error={problem}
          required
          onChange={(notify) => onChange({ ...reaction, notify })}
        />
        <Autocomplete
          size="xs"
          label="By which message"
          placeholder="The destination's own text"
          data={templates}
          value={reaction.template ?? ""}
          onChange={(template) => {
            const { template: _, ...rest } = reaction;
            onChange(template ? { ...rest, template } : rest);
          }}
        />
      </Group>
      {keys.length === 0 && <NoDestination />}
    </>
  );
}

function SegmentForm({ reaction, problem, readOnly, onChange }: Of<{ segment: string }>) {
  const keys = useKeys("segment");
  return (
    <Group align="flex-end" grow>
      <Autocomplete
        size="xs"
        label="Segment"
        data={keys}
        value={reaction.segment}
        error={problem}
        required
        onChange={(segment) => onChange({ ...reaction, segment })}
      />
      <SegmentedControl
        size="xs"
        aria-label="In or out"
        disabled={readOnly}
        data={[
          { value: "in", label: "Put in" },
          { value: "out", label: "Take out" },
        ]}
        value={reaction.member === false ? "out" : "in"}
        onChange={(told) => onChange({ segment: reaction.segment, member: told === "in" })}
      />
    </Group>
  );
}

function NoDestination() {
  return (
    <Text size="xs" c="dimmed" mt={4}>
      There is no destination of this kind yet:{" "}
      <Anchor component={Link} to="/settings/destinations" size="xs">
        add one
      </Anchor>
      , or type the key of one to come.
    </Text>
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
