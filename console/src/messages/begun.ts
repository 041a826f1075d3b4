import { plainText } from "./blocks/design";
import { writeDesign } from "./blocks/writing";
import { STARTERS } from "./starters";
import type { MessageDraft } from "./types";

/** What a new message is begun from, beside the starters. */
export const SMS = "sms";
export const HTML = "html";

/** A new message as its starter has it; without one, the first of them. */
export function begun(name: string, wanted: string | undefined): MessageDraft {
  const empty = { name, sender: null, subject: "", text: "", html: null, mjml: null };
  const hello = "Hello {{ contact.first_name | default: 'there' }}";
  if (wanted === SMS) return { ...empty, channel: "sms", text: `${hello}!` };
  if (wanted === HTML) {
    return { ...empty, channel: "email", subject: name, text: `${hello},\n`, html: `<p>${hello},</p>\n` };
  }
  const starter = STARTERS.find((one) => one.key === wanted) ?? STARTERS[0];
  if (!starter) return { ...empty, channel: "email" };
  const { subject, design } = starter;
  return { ...empty, channel: "email", subject, text: plainText(design), mjml: writeDesign(design) };
}
