interface Entry {
  kind: string | null;
  outcome: string;
  happened_at: string | null;
  arrived_at: string;
  at: string;
}

interface Waiting {
  kind: string;
  waits_for: string;
  until: string | null;
}

const OUTCOMES: Record<string, string> = {
  sent: "It was sent.",
  failed: "It could not be sent.",
  suppressed: "It was not sent, because it must not be.",
  waited: "The time had come.",
  changed: "The segment was changed.",
  late: "The contact did it, but too late to count.",
};

const DID: Record<string, string> = {
  opened: "the e-mail was opened",
  clicked: "a link was clicked",
  page: "the page was visited",
  event: "the event was done",
  form: "the form was submitted",
};

/** Why a journey went on from a step as it did. */
export function went({ kind, outcome, happened_at: happened }: Entry): string {
  if (kind === "if") return outcome === "yes" ? "Yes: the rules held." : "No: the rules did not hold.";
  const did = DID[kind ?? ""];
  if (did && outcome === "yes") {
    return `Yes: ${did}${happened ? ` on ${new Date(happened).toLocaleString()}` : ""}.`;
  }
  if (did && outcome === "no") return `No: it was not so that ${did} while there was patience.`;
  return OUTCOMES[outcome] ?? outcome;
}

/** What a journey rests for. */
export function waitsFor({ kind, waits_for: what, until }: Waiting): string {
  const end = until ? ` until ${new Date(until).toLocaleString()}` : "";
  switch (what) {
    case "message":
      return "Waits to hear what became of the message.";
    case "verdict":
      return "Waits for the verdict of the segments.";
    case "time":
      return `Waits${end}.`;
    case "publishing":
      return "Waits until the campaign is published again.";
    default:
      return `Waits${end}: whether ${DID[kind] ?? "it happens"}.`;
  }
}
