import type { components } from "../api/generated/points";
import type { Behaviour } from "../rules/language";

export type ActionView = components["schemas"]["ActionView"];
export type TriggerView = components["schemas"]["TriggerView"];

/** What earns points. What we do not know in it, we keep. */
export interface ActionDraft {
  name: string;
  on: Behaviour;
  path?: string;
  event?: string;
  form?: string;
  where?: Record<string, unknown>;
  delta: number;
  repeat?: "always" | "once";
  active?: boolean;
}

export type Reaction =
  | { webhook: string; values?: Record<string, unknown> }
  | { notify: string; template?: string }
  | { segment: string; member?: boolean };

/** What reaching a score sets off. */
export interface TriggerDraft {
  name: string;
  at: number;
  do: Reaction[];
  repeat?: "once" | "each_time";
  active?: boolean;
}

/** What most are asked for, by a word of its own. */
export const SHORT = { page_viewed: "path", event_tracked: "event", form_submitted: "form" } as const;
export type Short = (typeof SHORT)[keyof typeof SHORT];

export function shortOf(on: Behaviour): Short | null {
  return Object.hasOwn(SHORT, on) ? SHORT[on as keyof typeof SHORT] : null;
}
