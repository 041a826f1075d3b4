import { parseDocument, stringify } from "yaml";
import type { CampaignDocument } from "./types";

const MAX_ALIASES = 50;

export function toYaml(document: CampaignDocument): string {
  return stringify(document, { lineWidth: 100, aliasDuplicateObjects: false });
}

export type Read = { document: CampaignDocument } | { error: string; line: number | null };

/** What people typed, as a document; or what is wrong with it, and in which line (from 1). */
export function fromYaml(text: string): Read {
  const parsed = parseDocument(text, { prettyErrors: true });
  const [first] = parsed.errors;
  if (first)
    return { error: first.message.split("\n")[0] ?? first.message, line: first.linePos?.[0].line ?? null };
  let read: unknown;
  try {
    read = parsed.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), line: null };
  }
  if (!isDocument(read)) {
    return { error: "A campaign has a name, a list of sources, and steps by their names.", line: null };
  }
  return { document: read };
}

/** Enough of a campaign to be drawn; the service says what else is wrong. */
function isDocument(read: unknown): read is CampaignDocument {
  if (!isObject(read)) return false;
  const { name, sources, steps } = read;
  return (
    typeof name === "string" &&
    Array.isArray(sources) &&
    sources.every(isObject) &&
    isObject(steps) &&
    Object.values(steps).every(isObject)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
