/** One of everything that the console shows, made by the services' APIs and the SDK. */
import { ask, keptFor, make, type Person, somebody, tell, unique, until, urlOf } from "./installation";

export interface World {
  person: Person;
  contactId: string;
  journeyId: string;
  keys: Record<"campaign" | "segment" | "template" | "action" | "trigger" | "form" | "destination", string>;
  /** The id of the e-mail in the outbox. */
  messageId: string;
}

/** `word` makes what people name things, and what visitors send, out of a plain word. */
export async function furnish(word: (plain: string) => string = (plain) => plain): Promise<World> {
  const person = somebody("Ada");
  const event = word("Bought shoes");
  const keys = {
    campaign: unique("thanks"),
    segment: unique("buyers"),
    template: unique("thank-you"),
    action: unique("bought"),
    trigger: unique("keen"),
    form: unique("webinar"),
    destination: unique("crm"),
  };
  await define(keys, event, word);
  await behave(person, keys.form, event, word);
  const contactId = await until("the contact", async () => {
    const path = `/contacts?email=${encodeURIComponent(person.email)}`;
    const { items } = await ask<{ items: { id: string }[] }>("GET", "tracking", path);
    return items[0]?.id ?? null;
  });
  await ask("POST", "tracking", `/contacts/${contactId}/tags`, { add: [word("keen")] });
  const messageId = await until("the e-mail", () => keptFor(person.email, keys.template));
  const journeyId = await until("the journey", async () => {
    const path = `/campaigns/${keys.campaign}/journeys`;
    const { items } = await ask<{ items: { id: string }[] }>("GET", "campaigns", path);
    return items[0]?.id ?? null;
  });
  return { person, contactId, journeyId, keys, messageId };
}

/** Every page of the console, by a name for its picture. */
export function pagesOf({ contactId, journeyId, keys, messageId }: World): Record<string, string> {
  return {
    campaigns: "/campaigns",
    canvas: `/campaigns/${keys.campaign}`,
    "canvas-step": `/campaigns/${keys.campaign}?step=bought-again`,
    "canvas-yaml": `/campaigns/${keys.campaign}?yaml=true`,
    journey: `/journeys/${journeyId}`,
    contacts: "/contacts",
    contact: `/contacts/${contactId}`,
    "contact-attributes": `/contacts/${contactId}?tab=attributes`,
    "contact-points": `/contacts/${contactId}?tab=points`,
    segments: "/segments",
    segment: `/segments/${keys.segment}`,
    "segment-members": `/segments/${keys.segment}?tab=members`,
    messages: "/messages",
    message: `/messages/${keys.template}`,
    points: "/points",
    outbox: "/outbox",
    "outbox-message": `/outbox?message=${messageId}`,
    sources: "/settings/sources",
    forms: "/settings/forms",
    form: `/settings/forms?open=${keys.form}`,
    senders: "/settings/senders",
    "sender-new": "/settings/senders?make=true",
    destinations: "/settings/destinations",
    destination: `/settings/destinations?open=${keys.destination}`,
    people: "/settings/people",
  };
}

async function define(keys: World["keys"], event: string, word: (plain: string) => string): Promise<void> {
  const bought = { behaviour: "event_tracked", where: { name: event }, at_least: 1 };
  const html = "<h1>Thank you, {{ contact.first_name }}</h1><p>Your shoes are on their way.</p>";
  const fields = [
    { name: "email", type: "email", label: word("E-mail"), required: true, maps_to: "email" },
    { name: "brand", type: "text", label: word("Brand"), required: false, maps_to: "brand" },
  ];
  const reaction = { webhook: keys.destination, values: { stage: word("keen") } };
  await make("segments", `/segments/${keys.segment}`, {
    name: word("Buyers"),
    rules: { match: "all", rules: [bought] },
  });
  await make("channels", `/templates/${keys.template}`, {
    name: word("Thank you"),
    channel: "email",
    subject: "Thank you, {{ contact.first_name }}",
    text: "Thank you",
    html,
  });
  await make("channels", `/destinations/${keys.destination}`, {
    kind: "webhook",
    url: "https://crm.example.com/hooks",
    secret: `whsec_${Buffer.from("a secret of twenty-four b").toString("base64")}`,
  });
  await make("points", `/actions/${keys.action}`, {
    name: word("Bought"),
    on: "event_tracked",
    event,
    delta: 10,
  });
  await make("points", `/triggers/${keys.trigger}`, { name: word("Keen"), at: 1_000_000, do: [reaction] });
  await make("tracking", `/forms/${keys.form}`, {
    name: word("Webinar"),
    fields,
    redirect_to: null,
    message: word("See you!"),
    confirm: null,
  });
  await make("campaigns", `/campaigns/${keys.campaign}`, {
    name: word("Thanks for buying"),
    sources: [{ event }],
    steps: {
      thanks: { do: "send_email", template: keys.template, class: "transactional", next: "bought-again" },
      "bought-again": { decide: "event", event, within: "P30D", since: "here", yes: null, no: "pause" },
      pause: { do: "wait", for: "P7D", next: null },
    },
  });
  await ask("POST", "campaigns", `/campaigns/${keys.campaign}/publish`);
}

async function behave(person: Person, form: string, event: string, word: (p: string) => string) {
  const { userId, email, phone } = person;
  const brand = word("Acme");
  await tell((sdk) => {
    const traits = { email, phone, first_name: word("Ada"), last_name: word("Lovelace"), brand };
    sdk.identify({ userId, traits });
    const url = word("https://shop.example.com/pricing");
    sdk.page({ userId, name: word("Pricing"), properties: { title: word("Prices"), path: "/pricing", url } });
  });
  const sent = await fetch(`${urlOf("tracking")}/forms/${form}/submit`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, brand }),
  });
  if (!sent.ok) throw new Error(`The form was refused: ${sent.status} ${await sent.text()}`);
  await tell((sdk) => sdk.track({ userId, event, properties: { [word("size")]: word("38") } }));
}
