import {
  type CampaignDocument,
  type Exit,
  exitsOf,
  listed,
  type Source,
  startOf,
  type Step,
  type StepId,
} from "./types";

/** What is drawn of a document: nothing in it that the document does not say. */
export interface Graph {
  nodes: Node[];
  lines: Line[];
}

export type Node =
  | { id: string; kind: "source"; source: Source; place: number }
  | { id: string; kind: "step"; step: Step; name: StepId };

export interface Line {
  id: string;
  from: string;
  exit: Exit | "start";
  to: string;
}

export const sourceNode = (place: number) => `source:${place}`;
export const stepNode = (id: StepId) => `step:${id}`;
export const stepOf = (node: string) => (node.startsWith("step:") ? node.slice("step:".length) : null);

/** Lines to steps that are not there are not drawn; the service says what is wrong with them. */
export function draw(document: CampaignDocument): Graph {
  const steps = Object.entries(document.steps);
  const nodes: Node[] = [
    ...document.sources.map((source, place) => ({
      id: sourceNode(place),
      kind: "source" as const,
      source,
      place,
    })),
    ...steps.map(([name, step]) => ({ id: stepNode(name), kind: "step" as const, step, name })),
  ];
  const begins = startOf(document);
  const lines = [
    ...document.sources.flatMap((_, place) => begins.map((to) => line(sourceNode(place), "start", to))),
    ...steps.flatMap(([name, step]) =>
      exitsOf(step).flatMap((exit) => listed(step[exit]).map((to) => line(stepNode(name), exit, to))),
    ),
  ];
  const there = new Set(nodes.map((node) => node.id));
  return { nodes, lines: lines.filter((one) => there.has(one.to)) };
}

function line(from: string, exit: Exit | "start", to: StepId): Line {
  return { id: `${from}|${exit}|${to}`, from, exit, to: stepNode(to) };
}

/** Every step that a way from here comes to: a line back to one of `above` would be a loop. */
export function reachable(document: CampaignDocument, from: StepId): Set<StepId> {
  const found = new Set<StepId>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = document.steps[id];
    if (!step) continue;
    for (const exit of exitsOf(step)) {
      for (const to of listed(step[exit])) {
        if (!found.has(to)) {
          found.add(to);
          open.push(to);
        }
      }
    }
  }
  return found;
}

/** Whether a line from one step to another would go round in a loop. */
export function wouldLoop(document: CampaignDocument, from: StepId, to: StepId): boolean {
  return from === to || reachable(document, to).has(from);
}
