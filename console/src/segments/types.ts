import type { components } from "../api/generated/segments";
import type { Group } from "../rules/language";

export type SegmentView = components["schemas"]["SegmentView"];
export type Json = components["schemas"]["JsonValue"];

/** A segment as it is being edited. What we do not know in it, we keep. */
export interface SegmentDraft {
  name: string;
  rules: unknown;
  [other: string]: unknown;
}

const NO_RULES: Group = { match: "all", rules: [] };

export function draftOf(document: Record<string, unknown> | null, name: string): SegmentDraft {
  const { name: told, rules = NO_RULES, ...others } = document ?? {};
  return { ...others, name: typeof told === "string" ? told : name, rules };
}

export function nameOfSegment({ key, document }: SegmentView): string {
  return typeof document["name"] === "string" ? document["name"] : key;
}
