import { useHotkeys } from "@mantine/hooks";
import { paste } from "../document/edits";
import { stepNode, stepOf } from "../document/graph";
import type { Step, StepId } from "../document/types";
import { useEditor } from "./editor";

const COPIED = "canvass:copied steps";

/** mod+Z, mod+shift+Z, mod+C, mod+V, mod+A. Copies go from campaign to campaign, within this browser. */
export function useKeyboard(): void {
  const { document, selected, change, readOnly } = useEditor();
  const copy = () => {
    const steps = selected.flatMap((node) => {
      const id = stepOf(node);
      const step = id === null ? undefined : document.steps[id];
      return id !== null && step ? [[id, step] as const] : [];
    });
    if (steps.length) sessionStorage.setItem(COPIED, JSON.stringify(Object.fromEntries(steps)));
  };
  const put = () => {
    const copied = sessionStorage.getItem(COPIED);
    if (!copied || readOnly) return;
    const { document: next, ids } = paste(document, JSON.parse(copied) as Record<StepId, Step>);
    change({ kind: "draw", drawing: { document: next } });
    change({ kind: "select", nodes: ids.map(stepNode) });
  };
  useHotkeys([
    ["mod+Z", () => !readOnly && change({ kind: "undo" })],
    ["mod+shift+Z", () => !readOnly && change({ kind: "redo" })],
    ["mod+Y", () => !readOnly && change({ kind: "redo" })],
    ["mod+C", copy, { preventDefault: false }],
    ["mod+V", put, { preventDefault: false }],
    ["mod+A", () => change({ kind: "select", nodes: Object.keys(document.steps).map(stepNode) })],
  ]);
}
