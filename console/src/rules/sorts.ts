import {
  CHOICES,
  type Operator,
  ORDERS,
  PRESENCES,
  SAME,
  type Scalar,
  type Value,
  WORDINGS,
} from "./language";

/** What sort of value is compared with. Dates are texts to the rule language; as such they have an order. */
export type Sort = "text" | "number" | "flag" | "date";

export const SORTS: readonly { value: Sort; label: string }[] = [
  { value: "text", label: "text" },
  { value: "number", label: "number" },
  { value: "date", label: "date" },
  { value: "flag", label: "yes or no" },
];

/** What a value of this sort begins as. */
export function firstOf(sort: Sort, today = new Date()): Scalar {
  return { text: "", number: 0, flag: true, date: today.toISOString().slice(0, 10) }[sort];
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

const BY_SORT: Record<Sort, readonly Operator[]> = {
  text: [...SAME, ...WORDINGS, ...CHOICES, ...ORDERS, ...PRESENCES],
  number: [...SAME, ...ORDERS, ...CHOICES, ...PRESENCES],
  date: [...SAME, ...ORDERS, ...PRESENCES],
  flag: [...SAME, ...PRESENCES],
};

export function operatorsFor(sort: Sort): readonly Operator[] {
  return BY_SORT[sort];
}

export function sortOf(value: Scalar): Sort {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "flag";
  return DATE.test(value) ? "date" : "text";
}

/** The one sort of a value, or of all in a list; null where they differ. */
export function sortOfValue(value: Value | undefined): Sort | null {
  if (value === undefined) return "text";
  if (!Array.isArray(value)) return sortOf(value);
  const [first, ...others] = new Set(value.map((one) => (typeof one === "number" ? "number" : typeof one)));
  if (first === undefined || first === "string") return others.length ? null : "text";
  return first === "number" && !others.length ? "number" : null;
}

export function textOf(value: Scalar): string {
  return String(value);
}

/** What is typed as a number: null while it is none. */
export function numberOf(typed: string): number | null {
  const told = typed.trim();
  const number = Number(told);
  return told !== "" && Number.isFinite(number) && Math.abs(number) <= 2 ** 53 ? number : null;
}
