import type { Design } from "./blocks/design";

export interface Starter {
  key: string;
  name: string;
  about: string;
  subject: string;
  design: Design;
}

const HELLO = "Hello {{ contact.first_name | default: 'there' }},";
const INK = "#4263eb";
const FOOTER = {
  kind: "footer",
  text: "You get this because you signed up at example.com.",
  label: "Unsubscribe",
} as const;

/** Designs to begin with. */
export const STARTERS: readonly Starter[] = [
  {
    key: "welcome",
    name: "Welcome",
    about: "Says hello, and what to do first",
    subject: "Welcome, {{ contact.first_name | default: 'and hello' }}!",
    design: {
      preview: "Good to have you. Here is where to begin.",
      colour: INK,
      blocks: [
        { kind: "heading", text: "Welcome aboard" },
        {
          kind: "text",
          text: `${HELLO}\n\nthank you for joining us. Most people begin with three minutes of looking around.`,
        },
        { kind: "button", label: "Begin here", url: "https://example.com/start" },
        { kind: "text", text: "Questions? Just answer this e-mail: somebody reads it." },
        { kind: "divider" },
        FOOTER,
      ],
    },
  },
  {
    key: "newsletter",
    name: "Newsletter",
    about: "One story, and two short ones beside each other",
    subject: "What is new this month",
    design: {
      preview: "One long story, and two short ones.",
      colour: INK,
      blocks: [
        { kind: "heading", text: "What is new this month" },
        { kind: "image", src: "https://example.com/picture.png", alt: "A picture of the month" },
        {
          kind: "text",
          text: "Begin with the story that matters most, in three sentences. Say what changed, for whom, and why.",
        },
        { kind: "button", label: "Read the story", url: "https://example.com/blog" },
        { kind: "divider" },
        {
          kind: "columns",
          left: "A shorter story.\nTwo sentences are enough.",
          right: "And another one.\nKeep it as short.",
        },
        FOOTER,
      ],
    },
  },
  {
    key: "reminder",
    name: "Reminder",
    about: "A few words to who has not answered yet",
    subject: "Did you see this, {{ contact.first_name | default: 'by chance' }}?",
    design: {
      preview: "A short reminder, in case it got lost.",
      colour: "#0c8599",
      blocks: [
        {
          kind: "text",
          text: `${HELLO}\n\nwe wrote to you some days ago. In case it got lost, here it is again.`,
        },
        { kind: "button", label: "Have a look", url: "https://example.com/" },
        { kind: "text", text: "If it is nothing for you, do nothing: we will not ask again." },
        FOOTER,
      ],
    },
  },
  {
    key: "offer",
    name: "Offer",
    about: "A code, and until when it is good",
    subject: "20 % for you, this week",
    design: {
      preview: "Your code is inside.",
      colour: "#c2255c",
      blocks: [
        { kind: "heading", text: "20 % off, this week" },
        { kind: "text", text: `${HELLO}\n\nthank you for your interest. This code is yours until Sunday:` },
        { kind: "heading", text: "{{ values.code | default: 'THANKS20' }}" },
        {
          kind: "button",
          label: "Use it now",
          url: "https://example.com/shop?code={{ values.code | default: 'THANKS20' }}",
        },
        { kind: "divider" },
        FOOTER,
      ],
    },
  },
  {
    key: "webinar",
    name: "Webinar",
    about: "Invites, with what it is about and when",
    subject: "You are invited: our webinar on Thursday",
    design: {
      preview: "45 minutes, with time for questions.",
      colour: "#2b8a3e",
      blocks: [
        { kind: "heading", text: "See it live on Thursday" },
        {
          kind: "text",
          text: `${HELLO}\n\njoin us for 45 minutes. We show how others do it, and answer your questions.`,
        },
        { kind: "columns", left: "When\nThursday, 16:00 CET", right: "Where\nOnline, wherever you are" },
        { kind: "button", label: "Keep my place", url: "https://example.com/webinar" },
        { kind: "divider" },
        FOOTER,
      ],
    },
  },
];
