import createClient, { type Middleware } from "openapi-fetch";
import type { paths as Campaigns } from "./generated/campaigns";
import type { paths as Channels } from "./generated/channels";
import type { paths as Points } from "./generated/points";
import type { paths as Segments } from "./generated/segments";
import type { paths as Tracking } from "./generated/tracking";
import { problemOf, Refused } from "./problem";
import { renew, session } from "./token";

/** Carries the token, gets the next one when it has ended, and throws `Refused` for what is refused. */
const carrying: Middleware = {
  onRequest({ request }) {
    const token = session()?.token;
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    request.headers.set("Canvass-Console", "1");
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw new Refused(await problemOf(response));
    return response;
  },
};

/** `fetch`, which asks a second time with the next token when the first has ended. */
async function patient(request: Request): Promise<Response> {
  const again = request.clone();
  const answer = await fetch(request);
  if (answer.status !== 401 || request.url.includes("/session")) return answer;
  const renewed = await renew();
  if (!renewed) return answer;
  again.headers.set("Authorization", `Bearer ${renewed.token}`);
  return fetch(again);
}

function client<Paths extends object>(service: string) {
  const made = createClient<Paths>({ baseUrl: `/api/${service}`, fetch: patient });
  made.use(carrying);
  return made;
}

export const tracking = client<Tracking>("tracking");
export const segments = client<Segments>("segments");
export const points = client<Points>("points");
export const campaigns = client<Campaigns>("campaigns");
export const channels = client<Channels>("channels");

/** The data of an answer. Refusals have been thrown by then. */
export async function told<T>(answer: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data } = await answer;
  return data as T;
}

/** The data and its ETag, to be sent back as If-Match by whoever changes it. */
export async function toldWithTag<T>(
  answer: Promise<{ data?: T; response: Response }>,
): Promise<{ data: T; etag: string }> {
  const { data, response } = await answer;
  return { data: data as T, etag: response.headers.get("ETag") ?? "" };
}
