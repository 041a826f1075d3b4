export const KINDS = ["text", "number", "yes/no", "JSON"] as const;
export type ValueKind = (typeof KINDS)[number];

/** As what a value is edited. */
export function kindOf(value: unknown): ValueKind {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "yes/no";
  return value === undefined || typeof value === "string" ? "text" : "JSON";
}

export function written(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, kindOf(value) === "JSON" ? 2 : 0);
}

/** What was typed, as a value of that kind; `wrong` says what to do if it is none. */
export function readAs(kind: ValueKind, typed: string): { value: unknown } | { wrong: string } {
  switch (kind) {
    case "text":
      return { value: typed };
    case "number": {
      const number = Number(typed);
      return typed.trim() && Number.isFinite(number)
        ? { value: number }
        : { wrong: "A number, such as 12.5" };
    }
    case "yes/no":
      return { value: typed === "true" };
    case "JSON":
      try {
        return { value: JSON.parse(typed) as unknown };
      } catch {
        return { wrong: 'JSON, such as ["red", "blue"]' };
      }
  }
}
