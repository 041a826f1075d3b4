import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from "@xyflow/react";
import { memo } from "react";

export type LineData = { exit: "start" | "next" | "yes" | "no"; passed: number | null };
export type FlowLine = Edge<LineData, "way">;

const COLOURS = {
  start: "var(--mantine-color-violet-5)",
  next: "var(--mantine-color-gray-5)",
  yes: "var(--yes)",
  no: "var(--no)",
};

/** A way from one step to the next: yes is green and no is red, and both say so. */
export const Way = memo(function Way(props: EdgeProps<FlowLine>) {
  const [path, x, y] = getSmoothStepPath({ ...props, borderRadius: 14 });
  const { exit, passed } = props.data ?? { exit: "next", passed: null };
  const words = [exit === "yes" || exit === "no" ? exit : "", passed === null ? "" : passed.toLocaleString()];
  const label = words.filter(Boolean).join(" · ");
  return (
    <>
      <BaseEdge
        path={path}
        markerEnd={props.markerEnd ?? ""}
        style={{ stroke: COLOURS[exit], strokeWidth: props.selected ? 3 : 1.8 }}
        interactionWidth={22}
      />
      {label && (
        <EdgeLabelRenderer>
          <span
            className="numbers nodrag nopan"
            style={{
              position: "absolute",
              transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`,
              color: COLOURS[exit],
              background: "var(--ground)",
              padding: "0 6px",
              borderRadius: 6,
              fontSize: 11,
              fontWeight: 600,
              pointerEvents: "none",
            }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});
