import { isoDuration } from "../../shell/durations";
import { kindOf, type Source, type Step } from "./types";

/** What a step does, in a marketer's words. */
export function titleOf(step: Step): string {
  if (step.decide !== undefined) return QUESTIONS[step.decide] ?? step.decide;
  if (step.if !== undefined) return "Condition";
  return ACTIONS[step.do ?? ""] ?? step.do ?? "Unknown step";
}

const ACTIONS: Record<string, string> = {
  send_email: "Send e-mail",
  send_sms: "Send SMS",
  webhook: "Call webhook",
  notify: "Notify the team",
  wait: "Wait",
  change_segment: "Change segment",
};

const QUESTIONS: Partial<Record<string, string>> = {
  opened: "Opened the e-mail?",
  clicked: "Clicked a link?",
  page: "Visited a page?",
  event: "Did an event?",
  form: "Submitted a form?",
};

/** The rest of it: which template, how long, of which step. */
export function detailOf(step: Step): string {
  const text = (key: string) => (typeof step[key] === "string" ? step[key] : "");
  const patience = text("within") && `within ${isoDuration(text("within"))}`;
  switch (kindOf(step)) {
    case "wait":
      return text("until") ? `until ${text("until")}` : isoDuration(text("for"));
    case "condition":
      return rulesOf(step.if);
    case "decision":
      return [text("url") || text("path") || text("event") || text("form"), text("of"), patience]
        .filter(Boolean)
        .join(" · ");
    default:
      return text("template") || text("destination") || segmentChange(step);
  }
}

function segmentChange(step: Step): string {
  const segment = typeof step["segment"] === "string" ? step["segment"] : "";
  return segment && `${step["member"] === false ? "out of" : "into"} ${segment}`;
}

function rulesOf(group: Record<string, unknown> | undefined): string {
  const rules = Array.isArray(group?.["rules"]) ? group["rules"].length : 0;
  const match = typeof group?.["match"] === "string" ? group["match"] : "all";
  return rules === 1 ? "1 rule" : `${match} of ${rules} rules`;
}

export function titleOfSource(source: Source): { title: string; detail: string } {
  if ("segment" in source) return { title: "Enters segment", detail: source.segment };
  if ("form" in source) return { title: "Submits form", detail: source.form };
  return { title: "Does event", detail: source.event };
}
