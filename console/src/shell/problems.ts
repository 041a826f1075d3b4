import { Refused } from "../api/problem";

/** What of a refusal belongs to which field of a form: `{ "fields.0.name": "…" }`. */
export function fieldsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Refused)) return {};
  const said = Object.entries(error.fields).filter(([place]) => !place.startsWith("query."));
  return Object.fromEntries(
    said.map(([place, text]) => [place.replace(/^\//, "").replaceAll("/", "."), text]),
  );
}

/** What of a refusal no field shows; null when the fields say it all. */
export function restOf(error: Error | null, shown: readonly string[]): string | null {
  if (!error) return null;
  const places = Object.entries(fieldsOf(error));
  if (places.length === 0) return error.message;
  const rest = places.filter(([place]) => !shown.some((one) => place === one || place.startsWith(`${one}.`)));
  return rest.length === 0 ? null : rest.map(([place, text]) => `${place}: ${text}`).join("; ");
}
