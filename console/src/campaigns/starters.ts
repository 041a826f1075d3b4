import type { CampaignDocument } from "./document/types";

export interface Starter {
  name: string;
  about: string;
  driven: "by time" | "by contacts" | "both";
  document: CampaignDocument;
}

/** Campaigns to begin from. What they name (templates, segments, forms) is made as it is needed. */
export const STARTERS: Starter[] = [
  {
    name: "Welcome",
    about: "Three e-mails over a week, for everybody who signs up.",
    driven: "by time",
    document: {
      name: "Welcome",
      sources: [{ form: "newsletter" }],
      steps: {
        welcome: { do: "send_email", template: "welcome", class: "marketing", next: "two-days" },
        "two-days": { do: "wait", for: "P2D", next: "tips" },
        tips: { do: "send_email", template: "tips", class: "marketing", next: "five-days" },
        "five-days": { do: "wait", for: "P5D", next: "stories" },
        stories: { do: "send_email", template: "stories", class: "marketing", next: null },
      },
    },
  },
  {
    name: "Webinar follow-up",
    about: "The recording; then a word to whoever watched, and a reminder to whoever did not open.",
    driven: "both",
    document: {
      name: "Webinar follow-up",
      sources: [{ form: "webinar" }],
      steps: {
        recording: { do: "send_email", template: "webinar-recording", class: "marketing", next: "opened" },
        opened: { decide: "opened", of: "recording", within: "P3D", yes: "watched", no: "reminder" },
        watched: { decide: "page", path: "/webinar/recording", within: "P7D", yes: "tell-sales", no: null },
        "tell-sales": { do: "notify", destination: "sales", next: null },
        reminder: { do: "send_email", template: "webinar-reminder", class: "marketing", next: null },
      },
    },
  },
  {
    name: "Hot lead",
    about: "As soon as somebody is hot: an e-mail, a text after they open it, and the CRM knows.",
    driven: "by contacts",
    document: {
      name: "Hot lead",
      sources: [{ segment: "hot-leads" }],
      steps: {
        welcome: { do: "send_email", template: "hot-lead", class: "marketing", next: ["opened", "clicked"] },
        opened: { decide: "opened", of: "welcome", within: "P3D", yes: "thanks", no: "reminder" },
        thanks: { do: "send_sms", template: "thanks", class: "marketing", next: null },
        reminder: { do: "send_email", template: "reminder", class: "marketing", next: null },
        clicked: { decide: "clicked", of: "welcome", within: "P7D", yes: "crm", no: null },
        crm: { do: "webhook", destination: "crm", next: null },
      },
    },
  },
  {
    name: "Abandoned cart",
    about: "An hour after something was left in the cart, unless it is bought meanwhile.",
    driven: "both",
    document: {
      name: "Abandoned cart",
      sources: [{ event: "Product Added" }],
      steps: {
        bought: { decide: "event", event: "Order Completed", within: "PT1H", yes: null, no: "reminder" },
        reminder: { do: "send_email", template: "cart-reminder", class: "marketing", next: "bought-then" },
        "bought-then": { decide: "event", event: "Order Completed", within: "P1D", yes: null, no: "offer" },
        offer: { do: "send_email", template: "cart-offer", class: "marketing", next: null },
      },
    },
  },
  {
    name: "Win-back",
    about: "For whoever has not been here for long: a greeting, a wait, an offer; then they rest.",
    driven: "by time",
    document: {
      name: "Win-back",
      sources: [{ segment: "quiet-customers" }],
      steps: {
        "miss-you": { do: "send_email", template: "miss-you", class: "marketing", next: "back" },
        back: { decide: "page", path: "*", within: "P7D", yes: "welcome-back", no: "offer" },
        "welcome-back": { do: "change_segment", segment: "won-back", member: true, next: null },
        offer: { do: "send_email", template: "win-back-offer", class: "marketing", next: null },
      },
    },
  },
];

export const BLANK: CampaignDocument = { name: "New campaign", sources: [{ segment: "" }], steps: {} };
