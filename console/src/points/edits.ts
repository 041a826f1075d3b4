import { ofBehaviour } from "../rules/edits";
import type { Behaviour } from "../rules/language";
import type { ActionDraft, Reaction, Short } from "./types";

/** For another behaviour: what was asked of it cannot be asked of the other, but for its properties. */
export function onBehaviour(action: ActionDraft, on: Behaviour): ActionDraft {
  if (on === action.on) return action;
  const { path: _, event: __, form: ___, where, ...rest } = action;
  const asked = ofBehaviour({ behaviour: action.on, where }, on).where;
  return asked === undefined ? { ...rest, on } : { ...rest, on, where: asked as Record<string, unknown> };
}

/** Without what is empty: nothing means all of them. */
export function narrowed(action: ActionDraft, short: Short, which: string): ActionDraft {
  const { [short]: _, ...rest } = action;
  return which ? { ...rest, [short]: which } : rest;
}

export function withWhere(action: ActionDraft, where: unknown): ActionDraft {
  const { where: _, ...rest } = action;
  return where === undefined ? rest : { ...rest, where: where as Record<string, unknown> };
}

/** What is so unless somebody says otherwise is not said. */
export function unlessUsual<T extends object, K extends keyof T>(
  draft: T,
  member: K,
  value: T[K],
  usual: T[K],
): T {
  const { [member]: _, ...rest } = draft;
  return (value === usual ? rest : { ...draft, [member]: value }) as T;
}

export type ReactionKind = "webhook" | "notify" | "segment";

export const NEW_REACTIONS: Record<ReactionKind, Reaction> = {
  webhook: { webhook: "" },
  notify: { notify: "" },
  segment: { segment: "" },
};

export function isWholeReaction(reaction: Reaction): boolean {
  return Object.values(reaction)[0] !== "";
}
