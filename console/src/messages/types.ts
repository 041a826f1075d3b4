import type { components } from "../api/generated/channels";

export type TemplateView = components["schemas"]["TemplateView"];
export type Channel = TemplateView["channel"];

/** A message as it is being written. */
export interface MessageDraft {
  channel: Channel;
  name: string;
  sender: string | null;
  subject: string;
  text: string;
  html: string | null;
  mjml: string | null;
}

export function draftOf(view: TemplateView): MessageDraft {
  const { channel, name, sender = null, subject, text, html = null, mjml = null } = view;
  return { channel, name, sender, subject, text, html, mjml };
}

export const CHANNEL_WORDS: Record<Channel, string> = { email: "E-mail", sms: "SMS" };
