/** What runs: where it is, and how a test prepares it, by the services' public APIs. */
import { randomBytes } from "node:crypto";
import { Analytics } from "@segment/analytics-node";

export type Service = "tracking" | "segments" | "points" | "campaigns" | "channels";

export function told(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`make test-browser\`, which starts what is needed.`);
  return value;
}

export function urlOf(service: Service): string {
  return told(`${service.toUpperCase()}_URL`);
}

/** Ask a service as an admin would. Throws with the answer when it is refused. */
export async function ask<T>(
  method: string,
  service: Service,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await fetch(urlOf(service) + path, {
    method,
    headers: {
      authorization: `Bearer ${told("CANVASS_TOKEN")}`,
      "content-type": "application/json",
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${service}${path}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : null) as T;
}

/** Make a definition that is not there yet. */
export function make(service: Service, path: string, document: unknown): Promise<unknown> {
  return ask("PUT", service, path, document, { "if-none-match": "*" });
}

/** A word that no other test has. */
export function unique(word: string): string {
  return `${word}-${randomBytes(4).toString("hex")}`;
}

export interface Person {
  name: string;
  userId: string;
  email: string;
  phone: string;
}

export function somebody(name: string): Person {
  const userId = unique(name.toLowerCase());
  const digits = (randomBytes(4).readUInt32BE() % 1_000_000).toString().padStart(6, "0");
  return { name, userId, email: `${userId}@example.com`, phone: `+14165${digits}` };
}

/** What a site's server tells by the official SDK of Segment. */
export async function tell(does: (sdk: Analytics) => void): Promise<void> {
  const sdk = new Analytics({ writeKey: told("CANVASS_WRITE_KEY"), host: urlOf("tracking") });
  const refused: unknown[] = [];
  sdk.on("error", (error) => refused.push(error));
  does(sdk);
  await sdk.closeAndFlush();
  if (refused.length) throw new Error(`The SDK was refused: ${JSON.stringify(refused)}`);
}

interface Kept {
  id: string;
  to: string[];
  template: string | null;
}

/** The id of what was sent to somebody by a template, in the outbox; null until then. */
export async function keptFor(email: string, template: string): Promise<string | null> {
  const { items } = await ask<{ items: Kept[] }>("GET", "channels", "/outbox?limit=100");
  return items.find((one) => one.template === template && one.to.includes(email))?.id ?? null;
}

/** Its HTML. */
export async function mailOf(email: string, template: string): Promise<string | null> {
  const id = await keptFor(email, template);
  return id && (await ask<{ html: string }>("GET", "channels", `/outbox/${id}`)).html;
}

/** Waits until something is there: asks four times a second, half a minute long. */
export async function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Not within 30 s: ${what}`);
}
