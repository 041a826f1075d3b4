/** The words of the rule language, as `libs/rules` has them. What is none of it is kept as it is. */
export type Match = "all" | "any" | "none";
export type Scalar = string | number | boolean;
export type Value = Scalar | Scalar[];
export type Operator = (typeof OPERATORS)[number];
export type Behaviour = keyof typeof ABOUT;

export interface Group {
  match: Match;
  rules: unknown[];
}

export interface FieldRule {
  field: string;
  operator: Operator;
  value?: Value;
}

export interface TagRule {
  tag: string;
}

export interface BehaviourRule {
  behaviour: Behaviour;
  where?: unknown;
  at_least?: number;
  within?: string | null;
}

export const MATCHES: readonly Match[] = ["all", "any", "none"];
export const SAME = ["=", "!="] as const;
export const ORDERS = [">", ">=", "<", "<="] as const;
export const WORDINGS = ["contains", "starts_with", "ends_with", "matches"] as const;
export const CHOICES = ["in", "not_in"] as const;
export const PRESENCES = ["is_set", "is_not_set"] as const;
export const OPERATORS = [...SAME, ...ORDERS, ...WORDINGS, ...CHOICES, ...PRESENCES] as const;

/** What each behaviour can be asked about, beside `properties.<key>`. */
export const ABOUT = {
  page_viewed: ["path", "url", "title"],
  event_tracked: ["name"],
  form_submitted: ["form"],
  email_opened: ["template", "campaign"],
  link_clicked: ["url", "template", "campaign"],
} as const;
export const BEHAVIOURS = Object.keys(ABOUT) as Behaviour[];
export const PROPERTY = "properties.";

export const MAX_DEPTH = 8;
export const MAX_TEXT = 1_000;
export const MAX_NAME = 200;
export const MAX_TIMES = 1_000_000;

/** What contacts themselves can be asked about, beside their attributes. */
export const FIELDS = ["email", "phone", "user_id", "score"] as const;

export function isBehaviour(word: unknown): word is Behaviour {
  return typeof word === "string" && Object.hasOwn(ABOUT, word);
}

export function takesValue(operator: Operator): boolean {
  return !includes(PRESENCES, operator);
}

export function takesSeveral(operator: Operator): boolean {
  return includes(CHOICES, operator);
}

export function includes(words: readonly unknown[], word: unknown): boolean {
  return words.includes(word);
}
