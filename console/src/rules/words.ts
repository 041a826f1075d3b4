import { isoDuration } from "../shell/durations";
import type { Behaviour, BehaviourRule, FieldRule, Group, Match, Operator, Value } from "./language";
import { read, readWhere } from "./reading";
import type { Sort } from "./sorts";

export const OPERATOR_WORDS: Record<Operator, string> = {
  "=": "is",
  "!=": "is not",
  ">": "is more than",
  ">=": "is at least",
  "<": "is less than",
  "<=": "is at most",
  contains: "contains",
  starts_with: "starts with",
  ends_with: "ends with",
  matches: "is like",
  in: "is one of",
  not_in: "is none of",
  is_set: "is known",
  is_not_set: "is not known",
};

const DATE_WORDS: Partial<Record<Operator, string>> = {
  ">": "is after",
  ">=": "is on or after",
  "<": "is before",
  "<=": "is on or before",
};

export function operatorWord(operator: Operator, sort: Sort): string {
  return (sort === "date" ? DATE_WORDS[operator] : undefined) ?? OPERATOR_WORDS[operator];
}

export const BEHAVIOUR_WORDS: Record<Behaviour, string> = {
  page_viewed: "viewed a page",
  event_tracked: "did an event",
  form_submitted: "submitted a form",
  email_opened: "opened an e-mail",
  link_clicked: "clicked a link",
};

export const MATCH_WORDS: Record<Match, string> = {
  all: "all of these",
  any: "any of these",
  none: "none of these",
};

const JOINTS: Record<Match, string> = { all: " and ", any: " or ", none: " or " };

/** Rules as a sentence, for whoever reads a list of them. */
export function inWords(rule: unknown, about: Behaviour | null = null): string {
  const known = read(rule, about);
  switch (known.kind) {
    case "group":
      return groupInWords(known.rule, about);
    case "field":
      return fieldInWords(known.rule);
    case "tag":
      return `tagged ${known.rule.tag || "…"}`;
    case "behaviour":
      return behaviourInWords(known.rule);
    case "unknown":
      return JSON.stringify(rule);
  }
}

/** `where path is /pricing`; nothing where all are meant. */
export function whereInWords(where: unknown, behaviour: Behaviour): string {
  const group = readWhere(where);
  if (!group) return JSON.stringify(where);
  return group.rules.length ? `where ${groupInWords(group, behaviour)}` : "";
}

function groupInWords({ match, rules }: Group, about: Behaviour | null): string {
  const parts = rules.map((one) => {
    const told = inWords(one, about);
    const within = read(one, about);
    return within.kind === "group" && rules.length > 1 && within.rule.match !== "none" ? `(${told})` : told;
  });
  const joined = parts.join(JOINTS[match]);
  if (match !== "none") return joined;
  return parts.length > 1 ? `not (${joined})` : `not ${joined}`;
}

function fieldInWords({ field, operator, value }: FieldRule): string {
  const told = value === undefined ? "" : ` ${valueInWords(value)}`;
  return `${field || "…"} ${OPERATOR_WORDS[operator]}${told}`;
}

function valueInWords(value: Value): string {
  if (Array.isArray(value)) return value.map(valueInWords).join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value) || "…";
}

function behaviourInWords(rule: BehaviourRule): string {
  const times = (rule.at_least ?? 1) > 1 ? `${rule.at_least} times` : "";
  const within = rule.within ? `within ${isoDuration(rule.within)}` : "";
  const where = whereInWords(rule.where, rule.behaviour);
  return [BEHAVIOUR_WORDS[rule.behaviour], where, times, within].filter(Boolean).join(" ");
}
