import type { components as Campaigns } from "../../api/generated/campaigns";
import type { components as Channels } from "../../api/generated/channels";
import type { components as Segments } from "../../api/generated/segments";

export type Behaviour = Segments["schemas"]["BehaviourView"];
export type Journey = Campaigns["schemas"]["JourneyView"];
export type Delivery = Channels["schemas"]["DeliveryView"];

/** What stands in a contact's timeline. */
export type Entry =
  | { kind: "behaviour"; id: string; at: string; of: Behaviour }
  | { kind: "journey"; id: string; at: string; of: Journey }
  | { kind: "delivery"; id: string; at: string; of: Delivery };

export type Kind = Entry["kind"];

export const KINDS: { value: Kind; label: string }[] = [
  { value: "behaviour", label: "Behaviour" },
  { value: "journey", label: "Journeys" },
  { value: "delivery", label: "Messages" },
];

const DID: Record<Behaviour["behaviour"], string> = {
  page_viewed: "Looked at",
  event_tracked: "Did",
  form_submitted: "Submitted the form",
  email_opened: "Opened",
  link_clicked: "Followed a link of",
};

/** What a contact did: how it begins, and to what. */
export function did({ behaviour, about }: Behaviour): {
  verb: string;
  object: string;
  detail: string | null;
} {
  const verb = DID[behaviour];
  switch (behaviour) {
    case "page_viewed":
      return { verb, object: about["path"] ?? about["url"] ?? "a page", detail: about["title"] ?? null };
    case "event_tracked":
      return { verb, object: about["name"] ?? "something", detail: null };
    case "form_submitted":
      return { verb, object: about["form"] ?? "", detail: null };
    case "email_opened":
      return { verb, object: about["template"] ?? "an e-mail", detail: null };
    case "link_clicked":
      return { verb, object: about["template"] ?? "a message", detail: about["url"] ?? null };
  }
}

const CHANNELS: Record<string, string> = {
  email: "E-mail",
  sms: "SMS",
  webhook: "Webhook",
  notify: "Notice",
};

export const STATES: Record<Delivery["state"], { label: string; color: string }> = {
  planned: { label: "planned", color: "gray" },
  claimed: { label: "being sent", color: "blue" },
  attempting: { label: "being sent", color: "blue" },
  accepted: { label: "sent", color: "teal" },
  delivered: { label: "delivered", color: "teal" },
  bounced: { label: "bounced", color: "red" },
  suppressed: { label: "not sent", color: "orange" },
  failed: { label: "failed", color: "red" },
  unknown: { label: "in doubt", color: "orange" },
};

/** What was sent: `E-mail welcome`. */
export function sent({ channel, template, destination }: Delivery): { verb: string; object: string } {
  return { verb: CHANNELS[channel] ?? channel, object: template ?? destination ?? "" };
}

/** Who wanted a message. */
export function wantedBy({ campaign, step, trigger, form }: Delivery): string | null {
  if (campaign) return step ? `Campaign ${campaign}, step ${step}` : `Campaign ${campaign}`;
  if (trigger) return `Trigger ${trigger}`;
  return form ? `Form ${form}` : null;
}
