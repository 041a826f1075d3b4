import type { Destination } from "./edit-destination";

/** A destination of either kind, as its form has it. */
export interface DestinationValues {
  key: string;
  kind: "webhook" | "notify";
  url: string;
  secret: string;
  to: string[];
  subject: string;
  text: string;
}

export function valuesOf(destination: Destination | null): DestinationValues {
  const values: DestinationValues = {
    key: destination?.key ?? "",
    kind: destination?.kind ?? "webhook",
    url: "",
    secret: "",
    to: [],
    subject: "",
    text: "",
  };
  if (destination?.kind === "webhook") {
    return { ...values, url: destination.url, secret: destination.secret ?? "" };
  }
  if (destination?.kind === "notify") {
    const { to, subject, text } = destination;
    return { ...values, to, subject: subject ?? "", text: text ?? "" };
  }
  return values;
}

export function documentOf({ kind, url, secret, to, subject, text }: DestinationValues) {
  return kind === "webhook"
    ? { kind, url: url.trim(), secret: secret.trim() || null }
    : { kind, to, subject: subject || null, text: text || null };
}
