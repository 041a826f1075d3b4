import { problemOf, Refused } from "../api/problem";
import { keep, type Session } from "../api/token";

/** Come in: `""` with e-mail and password, `/link` with a token, `/invitation` with token, name, password. */
export async function comeIn(
  way: "" | "/link" | "/invitation",
  given: Record<string, string>,
): Promise<void> {
  keep((await post(`/session${way}`, given)) as Session);
}

export async function whoIsInvited(token: string): Promise<{ email: string; name: string }> {
  return (await post("/session/invitation/look", { token })) as { email: string; name: string };
}

/** A new password: every other browser of ours is out. */
export async function changePassword(password: string): Promise<void> {
  keep((await send("PUT", "/session/password", { password })) as Session);
}

export async function leave(): Promise<void> {
  await fetch("/api/campaigns/session", { method: "DELETE", headers: { "Canvass-Console": "1" } });
  keep(null);
}

function post(path: string, given: Record<string, string>): Promise<unknown> {
  return send("POST", path, given);
}

async function send(method: string, path: string, given: Record<string, string>): Promise<unknown> {
  const answer = await fetch(`/api/campaigns${path}`, {
    method,
    headers: { "Content-Type": "application/json", "Canvass-Console": "1" },
    body: JSON.stringify(given),
  });
  if (!answer.ok) throw new Refused(await problemOf(answer));
  return answer.json();
}
