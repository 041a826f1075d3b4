import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  applyNodeChanges,
  Background,
  type Connection,
  Controls,
  MarkerType,
  MiniMap,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import { type DragEvent, useCallback, useEffect, useMemo, useState } from "react";
import { aimed, connect, disconnect, type From, remove, withSources } from "../document/edits";
import { draw, stepOf, wouldLoop } from "../document/graph";
import { HEIGHT, placed, type Places, WIDTH } from "../document/layout";
import type { Problems } from "../document/problems";
import type { Exit } from "../document/types";
import { offerOf } from "./catalogue";
import classes from "./canvas.module.css";
import { useEditor } from "./editor";
import { type FlowLine, Way } from "./lines";
import { type FlowNode, SourceNode, StepNode } from "./nodes";
import { DRAGGED } from "./palette";
import { useAdding } from "./use-adding";
import type { Numbers } from "./use-numbers";

const NODES = { step: StepNode, source: SourceNode };
const LINES = { way: Way };

interface FlowProps {
  problems: Problems;
  numbers: Numbers;
}

/** The canvas itself. What it shows comes from the document; what is done to it changes the document. */
export function Flow({ problems, numbers }: FlowProps) {
  const editor = useEditor();
  const { document, places, selected, readOnly, change, edit } = editor;
  const { addAt } = useAdding();
  const { screenToFlowPosition } = useReactFlow();
  const scheme = useComputedColorScheme();
  const graph = useMemo(() => draw(document), [document]);
  const where = usePlaces(graph, places);
  const drawn = useNodes(graph, where, selected, problems, numbers);
  const [nodes, setNodes] = useState<FlowNode[]>(drawn);
  const lines = useMemo<FlowLine[]>(
    () =>
      graph.lines.map(({ id, from, exit, to }) => ({
        id,
        type: "way",
        source: from,
        sourceHandle: exit,
        target: to,
        data: { exit, passed: numbers.passedBy(stepOf(from), exit) },
        markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
      })),
    [graph, numbers],
  );

  useEffect(() => {
    // What React Flow has measured is its own state: what is drawn anew keeps it.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setNodes((before) => {
      const measured = new Map(before.map((node) => [node.id, node.measured]));
      return drawn.map((node) => ({ ...node, ...sized(measured.get(node.id)) }));
    });
  }, [drawn]);

  // What is selected is the editor's: React Flow only tells what people choose.
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const chosen = changes.filter((one) => one.type === "select");
      if (chosen.length) {
        const after = new Set(selected);
        for (const { id, selected: now } of chosen) after[now ? "add" : "delete"](id);
        change({ kind: "select", nodes: [...after] });
      }
      const others = changes.filter((one) => one.type === "position" || one.type === "dimensions");
      if (others.length) setNodes((before) => applyNodeChanges(others, before));
    },
    [selected, change],
  );

  const onConnect = useCallback(
    ({ source, sourceHandle, target }: Connection) => {
      const to = stepOf(target);
      const from = fromOf(source, sourceHandle);
      if (to !== null) edit(aimed(connect(document, from, to), from, to));
    },
    [document, edit],
  );

  const onDelete = useCallback(
    ({ nodes: gone, edges }: { nodes: FlowNode[]; edges: FlowLine[] }) => {
      const steps = gone.flatMap((node) => stepOf(node.id) ?? []);
      const numbersGone = new Set(gone.filter((node) => node.type === "source").map((node) => node.id));
      let next = document;
      if (gone.length === 0) {
        for (const line of edges) {
          next = disconnect(next, fromOf(line.source, line.sourceHandle ?? null), stepOf(line.target) ?? "");
        }
      }
      next = remove(next, steps);
      if (numbersGone.size) {
        next = withSources(
          next,
          next.sources.filter((_, place) => !numbersGone.has(`source:${place}`)),
        );
      }
      edit(next);
      change({ kind: "select", nodes: [] });
    },
    [document, edit, change],
  );

  const onDrop = useCallback(
    (event: DragEvent) => {
      const offer = offerOf(event.dataTransfer.getData(DRAGGED));
      if (!offer) return;
      event.preventDefault();
      const { x, y } = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      addAt(offer, { x: Math.round(x - WIDTH / 2), y: Math.round(y - HEIGHT / 2) });
    },
    [addAt, screenToFlowPosition],
  );

  return (
    <div
      className={classes.flow}
      onDrop={onDrop}
      onDragOver={(event) => event.preventDefault()}
      data-testid="canvas"
    >
      <ReactFlow
        nodes={nodes}
        edges={lines}
        nodeTypes={NODES}
        edgeTypes={LINES}
        colorMode={scheme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
        minZoom={0.1}
        onlyRenderVisibleElements={nodes.length > 100}
        nodesConnectable={!readOnly}
        nodesDraggable={!readOnly}
        deleteKeyCode={readOnly ? null : ["Backspace", "Delete"]}
        onNodesChange={onNodesChange}
        onNodeDragStop={(_, __, moved) => {
          const put = Object.fromEntries(moved.map((node) => [node.id, rounded(node.position)]));
          change({ kind: "draw", drawing: { places: { ...where, ...put } } });
        }}
        onConnect={onConnect}
        isValidConnection={({ source, target }) => {
          const [from, to] = [stepOf(source), stepOf(target)];
          return to !== null && (from === null || !wouldLoop(document, from, to));
        }}
        onDelete={onDelete}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          "node.a11yDescription.default": "Enter selects; arrow keys move; Delete removes.",
        }}
      >
        <Background gap={24} size={1} />
        <Controls showInteractive={false} />
        <MiniMap pannable zoomable nodeStrokeWidth={3} ariaLabel="The whole campaign, small" />
      </ReactFlow>
    </div>
  );
}

/** Laying out takes long: it is done anew only when there are other nodes or other lines. */
function usePlaces(graph: ReturnType<typeof draw>, places: Places): Places {
  const shape = [...graph.nodes, ...graph.lines].map((one) => one.id).join();
  // eslint-disable-next-line react-hooks/exhaustive-deps -- `shape` stands for `graph`
  return useMemo(() => placed(graph, places), [shape, places]);
}

function useNodes(
  graph: ReturnType<typeof draw>,
  where: Places,
  selected: string[],
  problems: Problems,
  numbers: Numbers,
): FlowNode[] {
  return useMemo(
    () =>
      graph.nodes.map((node): FlowNode => {
        const common = {
          id: node.id,
          position: where[node.id] ?? { x: 0, y: 0 },
          selected: selected.includes(node.id),
          width: WIDTH,
        };
        if (node.kind === "source") {
          const wrong = (problems[""] ?? []).filter((one) => one.at.startsWith(`sources/${node.place}`));
          return { ...common, type: "source", data: { source: node.source, problems: wrong } };
        }
        const { step, name } = node;
        return {
          ...common,
          type: "step",
          data: { step, name, problems: problems[name] ?? [], count: numbers.at(name) },
        };
      }),
    [graph, where, selected, problems, numbers],
  );
}

function fromOf(node: string, exit: string | null): From {
  const step = stepOf(node);
  return step === null ? "sources" : { step, exit: (exit ?? "next") as Exit };
}

function sized(measured: FlowNode["measured"]) {
  return measured ? { measured } : {};
}

function rounded({ x, y }: { x: number; y: number }) {
  return { x: Math.round(x), y: Math.round(y) };
}
