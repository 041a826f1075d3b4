import dagre from "@dagrejs/dagre";
import type { Graph } from "./graph";

export interface Place {
  x: number;
  y: number;
}

export type Places = Record<string, Place>;

export const WIDTH = 232;
export const HEIGHT = 76;

/** From so many nodes on, the way that is three times as quick: it may leave longer lines. */
const MANY = 80;

/** Where every node goes by itself, from top to bottom. Left is yes, right is no. */
export function laidOut(graph: Graph): Places {
  const layout = new dagre.graphlib.Graph();
  const ranker = graph.nodes.length < MANY ? "network-simplex" : "longest-path";
  layout.setGraph({ rankdir: "TB", nodesep: 48, ranksep: 72, ranker });
  layout.setDefaultEdgeLabel(() => ({}));
  for (const node of graph.nodes) layout.setNode(node.id, { width: WIDTH, height: HEIGHT });
  for (const line of graph.lines) layout.setEdge(line.from, line.to);
  dagre.layout(layout, { constraints: neighbours(graph) });
  return Object.fromEntries(
    graph.nodes.map(({ id }) => {
      const { x, y } = layout.node(id) as Place;
      return [id, { x: Math.round(x - WIDTH / 2), y: Math.round(y - HEIGHT / 2) }];
    }),
  );
}

/** What stands left of what: yes of no, and the first of several of the second. Only where no other way
 * leads there, so that no two of these can gainsay each other. */
function neighbours(graph: Graph): { left: string; right: string }[] {
  const ways = new Map<string, number>();
  for (const { to } of graph.lines) ways.set(to, (ways.get(to) ?? 0) + 1);
  const last = new Map<string, string>();
  return graph.lines.flatMap(({ from, to }) => {
    if (ways.get(to) !== 1) return [];
    const left = last.get(from);
    last.set(from, to);
    return left === undefined ? [] : [{ left, right: to }];
  });
}

/** What people have put somewhere stays there; the rest finds its place. */
export function placed(graph: Graph, kept: Places): Places {
  const missing = graph.nodes.some((node) => !kept[node.id]);
  const own = missing ? laidOut(graph) : {};
  return Object.fromEntries(graph.nodes.map(({ id }) => [id, kept[id] ?? own[id] ?? { x: 0, y: 0 }]));
}
