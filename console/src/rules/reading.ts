import {
  type Behaviour,
  type BehaviourRule,
  type FieldRule,
  type Group,
  includes,
  isBehaviour,
  MATCHES,
  OPERATORS,
  type Operator,
  type Scalar,
  takesSeveral,
  takesValue,
  type TagRule,
} from "./language";

/** A rule, by what it asks. `unknown` is what this builder does not understand, and never touches. */
export type Read =
  | { kind: "group"; rule: Group }
  | { kind: "field"; rule: FieldRule }
  | { kind: "tag"; rule: TagRule }
  | { kind: "behaviour"; rule: BehaviourRule }
  | { kind: "unknown"; rule: unknown };

type Members = Record<string, unknown>;

/** What a rule asks; `about` is the behaviour that is asked about, or null where contacts are. */
export function read(rule: unknown, about: Behaviour | null): Read {
  if (isGroup(rule)) return { kind: "group", rule };
  if (isFieldRule(rule)) return { kind: "field", rule };
  if (about === null && isTagRule(rule)) return { kind: "tag", rule };
  if (about === null && isBehaviourRule(rule)) return { kind: "behaviour", rule };
  return { kind: "unknown", rule };
}

/** Which behaviours are meant, as a group: `{"path": "/pricing"}` for short is one, too. Null is no such thing. */
export function readWhere(where: unknown): Group | null {
  if (where === undefined || where === null) return { match: "all", rules: [] };
  if (isGroup(where)) return where;
  if (!isObject(where) || "match" in where || "rules" in where) return null;
  if (!Object.values(where).every(isScalar)) return null;
  return {
    match: "all",
    rules: Object.entries(where).map(([field, value]) => ({ field, operator: "=", value })),
  };
}

/** As it is kept: nothing where nothing is asked. */
export function keptWhere(group: Group): Group | undefined {
  return group.rules.length ? group : undefined;
}

function isGroup(rule: unknown): rule is Group {
  return has(rule, ["match", "rules"]) && includes(MATCHES, rule["match"]) && Array.isArray(rule["rules"]);
}

function isFieldRule(rule: unknown): rule is FieldRule & Members {
  if (!has(rule, ["field", "operator"], ["value"])) return false;
  const { field, operator, value } = rule;
  if (typeof field !== "string" || !includes(OPERATORS, operator)) return false;
  if (!takesValue(operator as Operator)) return !("value" in rule);
  return takesSeveral(operator as Operator) ? Array.isArray(value) && value.every(isScalar) : isScalar(value);
}

function isTagRule(rule: unknown): rule is TagRule & Members {
  return has(rule, ["tag"]) && typeof rule["tag"] === "string";
}

function isBehaviourRule(rule: unknown): rule is BehaviourRule & Members {
  if (!has(rule, ["behaviour"], ["where", "at_least", "within"])) return false;
  const { behaviour, where, at_least: times, within } = rule;
  return (
    isBehaviour(behaviour) &&
    readWhere(where) !== null &&
    (times === undefined || typeof times === "number") &&
    (within === undefined || within === null || typeof within === "string")
  );
}

export function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || typeof value === "number";
}

function isObject(rule: unknown): rule is Members {
  return typeof rule === "object" && rule !== null && !Array.isArray(rule);
}

function has(rule: unknown, required: string[], optional: string[] = []): rule is Members {
  if (!isObject(rule) || !required.every((name) => name in rule)) return false;
  return Object.keys(rule).every((name) => required.includes(name) || optional.includes(name));
}
