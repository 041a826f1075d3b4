/** The session's token: in memory alone, where no other page and no later visitor finds it. */
export interface Session {
  person: { id: string; email: string; name: string; role: Role };
  scopes: string[];
  token: string;
  expires_at: string;
}

export type Role = "viewer" | "editor" | "publisher" | "admin";

type Listener = (session: Session | null) => void;

let current: Session | null = null;
let renewing: Promise<Session | null> | null = null;
const listeners = new Set<Listener>();

export function session(): Session | null {
  return current;
}

export function keep(session: Session | null): void {
  current = session;
  for (const listener of listeners) listener(session);
}

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Ask for the next token by the cookie, once however many ask at a time; null when we are out. */
export function renew(): Promise<Session | null> {
  renewing ??= askAnew().finally(() => (renewing = null));
  return renewing;
}

async function askAnew(): Promise<Session | null> {
  const answer = await fetch("/api/campaigns/session/refresh", {
    method: "POST",
    headers: { "Canvass-Console": "1" },
  });
  if (answer.status >= 500) throw new Error("Canvass does not answer just now. Try again in a moment.");
  keep(answer.ok ? ((await answer.json()) as Session) : null);
  return current;
}
