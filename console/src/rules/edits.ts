import {
  ABOUT,
  type Behaviour,
  type BehaviourRule,
  type FieldRule,
  type Group,
  type Operator,
  type Scalar,
  takesSeveral,
  takesValue,
} from "./language";
import { keptWhere, read, readWhere } from "./reading";
import { firstOf, operatorsFor, type Sort, sortOf, textOf } from "./sorts";

export type NewRule = "field" | "tag" | "behaviour" | "group";

export function newRule(kind: NewRule, about: Behaviour | null): unknown {
  switch (kind) {
    case "tag":
      return { tag: "" };
    case "behaviour":
      return { behaviour: "page_viewed" } satisfies BehaviourRule;
    case "group":
      return { match: "any", rules: [newRule("field", about)] } satisfies Group;
    case "field":
      return { field: about ? ABOUT[about][0] : "", operator: "=", value: "" } satisfies FieldRule;
  }
}

export function added(group: Group, rule: unknown): Group {
  return { ...group, rules: [...group.rules, rule] };
}

export function replaced(group: Group, place: number, rule: unknown): Group {
  return { ...group, rules: group.rules.map((one, at) => (at === place ? rule : one)) };
}

export function without(group: Group, place: number): Group {
  return { ...group, rules: group.rules.filter((_, at) => at !== place) };
}

/** One place up or down; at the end it stays. */
export function moved(group: Group, place: number, by: 1 | -1): Group {
  const there = place + by;
  if (there < 0 || there >= group.rules.length) return group;
  const rules = [...group.rules];
  [rules[place], rules[there]] = [rules[there], rules[place]];
  return { ...group, rules };
}

/** Another operator; of the value stays what the other takes. */
export function withOperator(rule: FieldRule, operator: Operator): FieldRule {
  const { value, ...rest } = rule;
  if (!takesValue(operator)) return { ...rest, operator };
  const first: Scalar = Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
  if (takesSeveral(operator)) {
    return { ...rest, operator, value: Array.isArray(value) ? value : first === "" ? [] : [first] };
  }
  return { ...rest, operator, value: fitting(first, operator) };
}

function fitting(value: Scalar, operator: Operator): Scalar {
  return operatorsFor(sortOf(value)).includes(operator) ? value : textOf(value);
}

/** Compare with a value of another sort. */
export function ofSort(rule: FieldRule, sort: Sort): FieldRule {
  const operator = operatorsFor(sort).includes(rule.operator) ? rule.operator : "=";
  const { value: _, ...rest } = rule;
  if (!takesValue(operator)) return { ...rest, operator };
  return { ...rest, operator, value: takesSeveral(operator) ? [] : firstOf(sort) };
}

/** Of another behaviour: what was asked of it cannot be asked of the other, but for its properties. */
export function ofBehaviour(rule: BehaviourRule, behaviour: Behaviour): BehaviourRule {
  const where = readWhere(rule.where);
  if (!where || !where.rules.length) return { ...rule, behaviour };
  const { where: _, ...rest } = rule;
  const still = where.rules.filter((one) => canBeAsked(one, behaviour));
  const kept = keptWhere({ ...where, rules: still });
  return kept ? { ...rest, behaviour, where: kept } : { ...rest, behaviour };
}

function canBeAsked(rule: unknown, behaviour: Behaviour): boolean {
  const known = read(rule, behaviour);
  if (known.kind !== "field") return false;
  const { field } = known.rule;
  return field.startsWith("properties.") || (ABOUT[behaviour] as readonly string[]).includes(field);
}

export function withWhere(rule: BehaviourRule, where: Group | undefined): BehaviourRule {
  const { where: _, ...rest } = rule;
  return where ? { ...rest, where } : rest;
}

/** Whether every rule says what it is about: until then there is nothing to count. */
export function isWhole(rule: unknown, about: Behaviour | null = null): boolean {
  const known = read(rule, about);
  switch (known.kind) {
    case "group":
      return known.rule.rules.length > 0 && known.rule.rules.every((one) => isWhole(one, about));
    case "field":
      return known.rule.field !== "" && (!Array.isArray(known.rule.value) || known.rule.value.length > 0);
    case "tag":
      return known.rule.tag !== "";
    case "behaviour": {
      const { behaviour, where } = known.rule;
      return (readWhere(where)?.rules ?? []).every((one) => isWhole(one, behaviour));
    }
    case "unknown":
      return true;
  }
}
