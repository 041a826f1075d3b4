import { Badge, Text, Tooltip } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { createElement, memo } from "react";
import type { Problem } from "../document/problems";
import { exitsOf, kindOf, type Source, type Step } from "../document/types";
import { detailOf, titleOf, titleOfSource } from "../document/words";
import { iconOf, iconOfSource } from "./catalogue";
import classes from "./canvas.module.css";

export interface Count {
  waiting: number;
  done: number;
}

export type StepData = { step: Step; name: string; problems: Problem[]; count: Count | null };
export type SourceData = { source: Source; problems: Problem[] };
export type StepFlowNode = Node<StepData, "step">;
export type SourceFlowNode = Node<SourceData, "source">;
export type FlowNode = StepFlowNode | SourceFlowNode;

const ICON = { size: 18, stroke: 1.7 };
const EXIT_NAMES = { next: "then", yes: "yes", no: "no" } as const;
const EXIT_PLACES = { next: "50%", yes: "28%", no: "72%" } as const;

export const StepNode = memo(function StepNode({ data, selected }: NodeProps<StepFlowNode>) {
  const { step, name, problems, count } = data;
  return (
    <div
      className={classes.node}
      data-kind={kindOf(step)}
      data-selected={selected}
      data-wrong={problems.length > 0}
    >
      <Handle type="target" position={Position.Top} className={classes.handle ?? ""} />
      <span className={classes.icon}>{createElement(iconOf(step), ICON)}</span>
      <span className={classes.words}>
        <Text size="sm" fw={600} truncate>
          {titleOf(step)}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {detailOf(step) || name}
        </Text>
      </span>
      <Wrong problems={problems} />
      {count && <Counts count={count} />}
      {exitsOf(step).map((exit) => (
        <Handle
          key={exit}
          id={exit}
          type="source"
          position={Position.Bottom}
          className={classes.exit ?? ""}
          data-exit={exit}
          style={{ left: EXIT_PLACES[exit] }}
          title={`${EXIT_NAMES[exit]}, from ${name}`}
        />
      ))}
    </div>
  );
});

export const SourceNode = memo(function SourceNode({ data, selected }: NodeProps<SourceFlowNode>) {
  const { title, detail } = titleOfSource(data.source);
  return (
    <div
      className={classes.node}
      data-kind="source"
      data-selected={selected}
      data-wrong={data.problems.length > 0}
    >
      <span className={classes.icon}>{createElement(iconOfSource(data.source), ICON)}</span>
      <span className={classes.words}>
        <Text size="sm" fw={600} truncate>
          {title}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {detail || "which one?"}
        </Text>
      </span>
      <Wrong problems={data.problems} />
      <Handle
        id="start"
        type="source"
        position={Position.Bottom}
        className={classes.exit ?? ""}
        data-exit="next"
      />
    </div>
  );
});

function Wrong({ problems }: { problems: Problem[] }) {
  const [first] = problems;
  if (!first) return null;
  const label = problems.map((one) => (one.at ? `${one.at}: ${one.message}` : one.message)).join("\n");
  return (
    <Tooltip label={label} multiline maw={320} style={{ whiteSpace: "pre-line" }}>
      <IconAlertCircle size={18} className={classes.wrong} aria-label={label} role="img" />
    </Tooltip>
  );
}

function Counts({ count }: { count: Count }) {
  return (
    <span className={`${classes.counts} numbers`}>
      {count.waiting > 0 && (
        <Badge size="xs" variant="light" color="orange" title="here now">
          {count.waiting.toLocaleString()} here
        </Badge>
      )}
      <Badge size="xs" variant="light" color="gray" title="have passed">
        {count.done.toLocaleString()}
      </Badge>
    </span>
  );
}
