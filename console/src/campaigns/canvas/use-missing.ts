import type { CampaignDocument, Step } from "../document/types";
import { useKeys } from "./use-keys";

/** What the campaign names that is not there yet. */
export function useMissing(document: CampaignDocument): string[] {
  const there = {
    template: useKeys("template"),
    destination: useKeys("destination"),
    segment: useKeys("segment"),
    form: useKeys("form"),
  };
  const named = [
    ...Object.values(document.steps).flatMap((step) => namedBy(step)),
    ...document.sources.flatMap((source) => ("form" in source ? [["form", source.form] as const] : [])),
  ];
  const missing = named.filter(([thing, key]) => key && !there[thing].includes(key));
  return [...new Set(missing.map(([thing, key]) => `the ${thing} ${key}`))];
}

function namedBy(step: Step) {
  return (["template", "destination", "segment", "form"] as const).flatMap((thing) => {
    const key = step[thing];
    return typeof key === "string" ? [[thing, key] as const] : [];
  });
}
