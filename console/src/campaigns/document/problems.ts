import type { StepId } from "./types";

/** What is wrong, by the step where it is; under `""` what is wrong with the campaign as a whole. */
export type Problems = Record<StepId, Problem[]>;

export interface Problem {
  /** Which of its settings: `template`, `rules/0/value`; empty for the step itself. */
  at: string;
  message: string;
}

/** The service names places by JSON Pointer: `/steps/welcome/template`. */
export function byStep(fields: Record<string, string>): Problems {
  const found: Problems = {};
  for (const [pointer, message] of Object.entries(fields)) {
    const [, room, ...rest] = pointer.split("/").map(unescaped);
    const [id, ...inside] = room === "steps" ? rest : ["", ...(room ? [room] : []), ...rest];
    (found[id ?? ""] ??= []).push({ at: inside.join("/"), message });
  }
  return found;
}

function unescaped(part: string): string {
  return part.replaceAll("~1", "/").replaceAll("~0", "~");
}
