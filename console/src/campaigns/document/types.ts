/** A campaign's document, as the `campaigns` service takes it. What we do not know in it, we keep. */
export interface CampaignDocument {
  campaign?: string;
  name: string;
  description?: string;
  sources: Source[];
  start?: Next;
  steps: Record<StepId, Step>;
}

export type StepId = string;

/** One step, several side by side, or the end. */
export type Next = StepId | StepId[] | null;

export type Source = { segment: string } | { form: string; where?: Where } | { event: string; where?: Where };

export type Where = Record<string, unknown>;

/** An action, a decision or a condition: exactly one of `do`, `decide` and `if`. */
export interface Step {
  do?: Action;
  decide?: Question;
  if?: Record<string, unknown>;
  next?: Next;
  yes?: Next;
  no?: Next;
  [setting: string]: unknown;
}

export type Action = "send_email" | "send_sms" | "webhook" | "notify" | "wait" | "change_segment";
export type Question = "opened" | "clicked" | "page" | "event" | "form";
export type Exit = "next" | "yes" | "no";

export type Kind = "action" | "wait" | "decision" | "condition";

export function kindOf(step: Step): Kind {
  if (step.decide !== undefined) return "decision";
  if (step.if !== undefined) return "condition";
  return step.do === "wait" ? "wait" : "action";
}

/** The ways out of a step, in the order in which they are shown. */
export function exitsOf(step: Step): Exit[] {
  return step.decide !== undefined || step.if !== undefined ? ["yes", "no"] : ["next"];
}

export function listed(next: Next | undefined): StepId[] {
  if (next === null || next === undefined) return [];
  return Array.isArray(next) ? next : [next];
}

/** As short as people write it: nothing, a name, or a list. */
export function shortened(steps: StepId[]): Next {
  const [first, ...others] = steps;
  if (first === undefined) return null;
  return others.length ? steps : first;
}

/** Where a campaign begins: at its first step, unless it says otherwise. */
export function startOf(document: CampaignDocument): StepId[] {
  if (document.start !== undefined) return listed(document.start);
  return Object.keys(document.steps).slice(0, 1);
}
