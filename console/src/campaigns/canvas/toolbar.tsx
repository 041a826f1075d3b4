import { ActionIcon, Badge, Button, Group, Text, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconCode,
  IconHierarchy,
  IconRocket,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useReactFlow } from "@xyflow/react";
import type { ReactNode } from "react";
import { draw } from "../document/graph";
import { laidOut } from "../document/layout";
import classes from "./canvas.module.css";
import { useEditor } from "./editor";
import type { Saving } from "./use-draft";
import type { Numbers } from "./use-numbers";

export type Status = "draft" | "published" | "paused";

interface ToolbarProps {
  status: Status;
  saving: Saving;
  numbers: Numbers;
  mayPublish: boolean;
  yaml: boolean;
  onYaml: () => void;
  onPublish: () => void;
  onUnpublish: () => void;
}

const SAYS: Record<Saving, string> = {
  saved: "Saved",
  changed: "Changed",
  saving: "Saving…",
  conflict: "Changed by somebody else",
  failed: "Not saved",
};
const COLOURS: Record<Status, string> = { draft: "gray", published: "teal", paused: "orange" };

/** The campaign's name and state, and what can be done to all of it. */
export function Toolbar(props: ToolbarProps) {
  const { document, edit, readOnly } = useEditor();
  const { status, saving, numbers } = props;
  return (
    <Group className={classes.bar ?? ""} justify="space-between" gap="sm">
      <Group gap="sm" wrap="nowrap">
        <ActionIcon component={Link} to="/campaigns" variant="subtle" color="gray" aria-label="All campaigns">
          <IconChevronLeft size={18} />
        </ActionIcon>
        <TextInput
          aria-label="Name of the campaign"
          variant="unstyled"
          value={document.name}
          readOnly={readOnly}
          onChange={(event) => edit({ ...document, name: event.currentTarget.value }, "name")}
          styles={{
            input: { fontWeight: 600, fontSize: 16, fieldSizing: "content", minWidth: 120, maxWidth: 360 },
          }}
        />
        <Badge color={COLOURS[status]} variant="light" miw="max-content">
          {status}
        </Badge>
        <Text size="xs" c={saving === "failed" || saving === "conflict" ? "red" : "dimmed"} role="status">
          {SAYS[saving]}
        </Text>
        {status !== "draft" && (
          <Text size="xs" c="dimmed" className="numbers" visibleFrom="md">
            {numbers.entered.toLocaleString()} entered · {numbers.underWay.toLocaleString()} under way ·{" "}
            {numbers.ended.toLocaleString()} done
          </Text>
        )}
      </Group>
      <Group gap={6}>
        <Tools yaml={props.yaml} onYaml={props.onYaml} />
        {props.mayPublish && status === "published" && (
          <Button size="xs" variant="default" onClick={props.onUnpublish}>
            Unpublish
          </Button>
        )}
        {props.mayPublish && (
          <Button size="xs" leftSection={<IconRocket size={15} />} onClick={props.onPublish}>
            Publish…
          </Button>
        )}
      </Group>
    </Group>
  );
}

function Tools({ yaml, onYaml }: { yaml: boolean; onYaml: () => void }) {
  const { document, canUndo, canRedo, change, readOnly } = useEditor();
  const { fitView } = useReactFlow();
  const arrange = () => {
    change({ kind: "draw", drawing: { places: laidOut(draw(document)) } });
    setTimeout(() => void fitView({ maxZoom: 1, padding: 0.15, duration: 250 }), 30);
  };
  return (
    <>
      <Tool label="Undo (mod+Z)" disabled={!canUndo || readOnly} onClick={() => change({ kind: "undo" })}>
        <IconArrowBackUp size={18} />
      </Tool>
      <Tool
        label="Redo (mod+shift+Z)"
        disabled={!canRedo || readOnly}
        onClick={() => change({ kind: "redo" })}
      >
        <IconArrowForwardUp size={18} />
      </Tool>
      <Tool label="Lay out" disabled={readOnly} onClick={arrange}>
        <IconHierarchy size={18} />
      </Tool>
      <Tool label="As YAML" pressed={yaml} onClick={onYaml}>
        <IconCode size={18} />
      </Tool>
    </>
  );
}

interface ToolProps {
  label: string;
  disabled?: boolean;
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, disabled, pressed, onClick, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        color={pressed ? "ink" : "gray"}
        size="lg"
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled ?? false}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
