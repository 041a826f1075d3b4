import {
  type CampaignDocument,
  type Exit,
  exitsOf,
  listed,
  type Next,
  shortened,
  type Source,
  startOf,
  type Step,
  type StepId,
} from "./types";

/** Where a line begins: at a way out of a step, or at the sources. */
export type From = { step: StepId; exit: Exit } | "sources";

export function targetsOf(document: CampaignDocument, from: From): StepId[] {
  if (from === "sources") return startOf(document);
  return listed(document.steps[from.step]?.[from.exit]);
}

/** Let these steps follow there. */
export function lead(document: CampaignDocument, from: From, to: StepId[]): CampaignDocument {
  const next = shortened([...new Set(to)]);
  if (from === "sources") return led(document, next);
  const step = document.steps[from.step];
  if (!step) return document;
  return changed(document, from.step, { ...step, [from.exit]: next });
}

function led(document: CampaignDocument, start: Next): CampaignDocument {
  const [first] = Object.keys(document.steps);
  if (start === first) {
    const { start: _, ...without } = document; // what goes without saying is not said
    return without;
  }
  return { ...document, start };
}

export function connect(document: CampaignDocument, from: From, to: StepId): CampaignDocument {
  const targets = targetsOf(document, from);
  return targets.includes(to) ? document : lead(document, from, [...targets, to]);
}

/** A decision about a message that is put behind one that is sent is about that one, unless it says otherwise. */
export function aimed(document: CampaignDocument, from: From, to: StepId): CampaignDocument {
  const [sender, decision] = [from === "sources" ? undefined : document.steps[from.step], document.steps[to]];
  const asks = decision?.decide === "opened" || decision?.decide === "clicked";
  const sends = sender?.do === "send_email" || (sender?.do === "send_sms" && decision?.decide === "clicked");
  if (from === "sources" || !decision || !asks || !sends || decision["of"] !== undefined) return document;
  return changed(document, to, { ...decision, of: from.step });
}

export function disconnect(document: CampaignDocument, from: From, to: StepId): CampaignDocument {
  const without = targetsOf(document, from).filter((target) => target !== to);
  return lead(document, from, without);
}

export function changed(document: CampaignDocument, id: StepId, step: Step): CampaignDocument {
  return { ...document, steps: { ...document.steps, [id]: step } };
}

/** A new step, by a name that is free. Behind `from` it takes over what followed there. */
export function add(
  document: CampaignDocument,
  step: Step,
  wish: string,
  from?: From,
): { document: CampaignDocument; id: StepId } {
  const id = freeName(document, wish);
  const begins = startOf(document);
  const added = { ...document, steps: { ...document.steps, [id]: step } };
  const kept = document.start === undefined && begins.length ? { ...added, start: shortened(begins) } : added;
  if (from === undefined) return { document: tidy(kept), id };
  const followers = targetsOf(document, from);
  const exit = exitsOf(step)[0] ?? "next";
  const behind = lead(kept, { step: id, exit }, followers);
  return { document: tidy(lead(behind, from, [id])), id };
}

/** Put a step into one line alone; the others of that way out stay. */
export function insert(
  document: CampaignDocument,
  step: Step,
  wish: string,
  from: From,
  to: StepId,
): { document: CampaignDocument; id: StepId } {
  const { document: added, id } = add(document, step, wish);
  const exit = exitsOf(step)[0] ?? "next";
  const behind = lead(added, { step: id, exit }, [to]);
  const around = targetsOf(behind, from).map((target) => (target === to ? id : target));
  return { document: lead(behind, from, around), id };
}

/** Take steps out; whatever led to one leads to what its first way out led to. */
export function remove(document: CampaignDocument, ids: Iterable<StepId>): CampaignDocument {
  let left = document;
  for (const id of ids) left = removeOne(left, id);
  return tidy(left);
}

function removeOne(document: CampaignDocument, id: StepId): CampaignDocument {
  const gone = document.steps[id];
  if (!gone) return document;
  const begins = startOf(document);
  const heirs = listed(gone[exitsOf(gone)[0] ?? "next"]).filter((heir) => heir !== id);
  const relinked = (targets: StepId[]) => targets.flatMap((target) => (target === id ? heirs : [target]));
  const { [id]: _, ...others } = document.steps;
  let left: CampaignDocument = { ...document, start: shortened(begins), steps: others };
  for (const [name, step] of Object.entries(others)) {
    for (const exit of exitsOf(step)) {
      const targets = listed(step[exit]);
      if (targets.includes(id)) left = lead(left, { step: name, exit }, relinked(targets));
    }
  }
  return lead(left, "sources", relinked(begins));
}

/** Another name for a step, wherever it is named. Its place in the document stays. */
export function rename(document: CampaignDocument, id: StepId, to: StepId): CampaignDocument {
  if (id === to || to in document.steps) return document;
  const name = (one: StepId) => (one === id ? to : one);
  const named = (next: Next) => (Array.isArray(next) ? next.map(name) : next === null ? null : name(next));
  const steps = Object.entries(document.steps).map(([key, step]) => {
    const copy = { ...step };
    for (const exit of exitsOf(step)) if (copy[exit] !== undefined) copy[exit] = named(copy[exit]);
    if (copy["of"] === id) copy["of"] = to;
    return [name(key), copy] as const;
  });
  const renamed = { ...document, steps: Object.fromEntries(steps) };
  return document.start === undefined ? renamed : { ...renamed, start: named(document.start) };
}

/** Copies of steps, with the lines among them; lines to others are not copied. */
export function paste(
  document: CampaignDocument,
  copied: Record<StepId, Step>,
): { document: CampaignDocument; ids: StepId[] } {
  const names = new Map<StepId, StepId>();
  let left = document;
  for (const [id, step] of Object.entries(copied)) {
    const { document: added, id: name } = add(left, step, id);
    names.set(id, name);
    left = added;
  }
  for (const [id, step] of Object.entries(copied)) {
    const copy: Step = { ...step };
    for (const exit of exitsOf(step)) {
      copy[exit] = shortened(listed(step[exit]).flatMap((target) => names.get(target) ?? []));
    }
    if (typeof copy["of"] === "string") copy["of"] = names.get(copy["of"]) ?? copy["of"];
    left = changed(left, names.get(id) ?? id, copy);
  }
  return { document: left, ids: [...names.values()] };
}

export function withSources(document: CampaignDocument, sources: Source[]): CampaignDocument {
  return { ...document, sources };
}

/** A name that is free: `welcome`, `welcome-2`, ... */
export function freeName(document: CampaignDocument, wish: string): StepId {
  const base =
    wish
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")
      .slice(0, 80) || "step";
  const stem = base.replace(/-\d+$/, "");
  let name = base;
  for (let n = 2; name in document.steps; n++) name = `${stem}-${n}`;
  return name;
}

/** Without a `start` that goes without saying. */
function tidy(document: CampaignDocument): CampaignDocument {
  const [first] = Object.keys(document.steps);
  if (document.start === undefined || document.start !== first) return document;
  const { start: _, ...without } = document;
  return without;
}
