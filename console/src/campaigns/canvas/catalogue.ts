import {
  IconAdjustmentsQuestion,
  IconBell,
  IconBolt,
  IconClick,
  IconClockHour4,
  IconDeviceMobileMessage,
  IconForms,
  IconMail,
  IconMailOpened,
  IconPlugConnected,
  IconUsersGroup,
  IconUsersPlus,
  IconWorldWww,
  type TablerIcon,
} from "@tabler/icons-react";
import type { Source, Step } from "../document/types";

export type Offer = { label: string; about: string; icon: TablerIcon; words: string } & (
  { makes: "step"; wish: string; step: () => Step } | { makes: "source"; source: () => Source }
);

export interface Shelf {
  label: string;
  offers: Offer[];
}

const step = (
  wish: string,
  label: string,
  about: string,
  icon: TablerIcon,
  made: Step,
  words = "",
): Offer => ({
  makes: "step",
  wish,
  label,
  about,
  icon,
  words,
  step: () => structuredClone(made),
});

const source = (label: string, about: string, icon: TablerIcon, made: Source): Offer => ({
  makes: "source",
  label,
  about,
  icon,
  words: "start trigger entry",
  source: () => structuredClone(made),
});

/** All that can be put on the canvas. */
export const SHELVES: Shelf[] = [
  {
    label: "Sources",
    offers: [
      source("Enters a segment", "Who begins to match it, and who does already", IconUsersGroup, {
        segment: "",
      }),
      source("Submits a form", "Each time somebody sends it in", IconForms, { form: "" }),
      source("Does an event", "As the site or another system tells it", IconBolt, { event: "" }),
    ],
  },
  {
    label: "Actions",
    offers: [
      step(
        "email",
        "Send e-mail",
        "From a template",
        IconMail,
        { do: "send_email", template: "", class: "marketing", next: null },
        "mail message",
      ),
      step(
        "sms",
        "Send SMS",
        "From a template",
        IconDeviceMobileMessage,
        { do: "send_sms", template: "", class: "marketing", next: null },
        "text message",
      ),
      step(
        "webhook",
        "Call webhook",
        "Tell another system",
        IconPlugConnected,
        { do: "webhook", destination: "", next: null },
        "crm http api",
      ),
      step(
        "notify",
        "Notify the team",
        "An e-mail to people of yours",
        IconBell,
        { do: "notify", destination: "", next: null },
        "alert sales",
      ),
      step(
        "segment",
        "Change segment",
        "Put the contact in, or take it out",
        IconUsersPlus,
        { do: "change_segment", segment: "", member: true, next: null },
        "add remove list",
      ),
    ],
  },
  {
    label: "Decisions",
    offers: [
      step("opened", "Opened the e-mail?", "Waits until it is opened", IconMailOpened, {
        decide: "opened",
        within: "P3D",
        yes: null,
        no: null,
      }),
      step("clicked", "Clicked a link?", "Waits for a click in the e-mail", IconClick, {
        decide: "clicked",
        within: "P3D",
        yes: null,
        no: null,
      }),
      step(
        "page",
        "Visited a page?",
        "Waits for a page view",
        IconWorldWww,
        { decide: "page", path: "/", within: "P3D", yes: null, no: null },
        "url view",
      ),
      step(
        "event",
        "Did an event?",
        "Waits for what the site tells",
        IconBolt,
        { decide: "event", event: "", within: "P3D", yes: null, no: null },
        "track",
      ),
      step("form", "Submitted a form?", "Waits for the form", IconForms, {
        decide: "form",
        form: "",
        within: "P3D",
        yes: null,
        no: null,
      }),
    ],
  },
  {
    label: "Conditions",
    offers: [
      step(
        "condition",
        "Is it so now?",
        "Any rule that a segment can have",
        IconAdjustmentsQuestion,
        { if: { match: "all", rules: [] }, yes: null, no: null },
        "if rule field score tag",
      ),
    ],
  },
  {
    label: "Waits",
    offers: [
      step(
        "wait",
        "Wait",
        "So long, or until a time",
        IconClockHour4,
        { do: "wait", for: "P1D", next: null },
        "delay pause",
      ),
    ],
  },
];

const OFFERS = SHELVES.flatMap((shelf) => shelf.offers);

export function found(text: string): Shelf[] {
  const asked = text.trim().toLowerCase();
  const fits = (offer: Offer) => `${offer.label} ${offer.about} ${offer.words}`.toLowerCase().includes(asked);
  return SHELVES.map((shelf) => ({ ...shelf, offers: shelf.offers.filter(fits) })).filter(
    (one) => one.offers.length,
  );
}

export function offerOf(label: string): Offer | undefined {
  return OFFERS.find((offer) => offer.label === label);
}

const ICONS: Record<string, TablerIcon> = {
  send_email: IconMail,
  send_sms: IconDeviceMobileMessage,
  webhook: IconPlugConnected,
  notify: IconBell,
  change_segment: IconUsersPlus,
  wait: IconClockHour4,
  opened: IconMailOpened,
  clicked: IconClick,
  page: IconWorldWww,
  event: IconBolt,
  form: IconForms,
};

export function iconOf(step: Step): TablerIcon {
  return ICONS[step.do ?? step.decide ?? ""] ?? IconAdjustmentsQuestion;
}

export function iconOfSource(source: Source): TablerIcon {
  if ("segment" in source) return IconUsersGroup;
  return "form" in source ? IconForms : IconBolt;
}
