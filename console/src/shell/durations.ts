const UNITS = [
  ["W", "week"],
  ["D", "day"],
  ["H", "hour"],
  ["M", "minute"],
  ["S", "second"],
] as const;

export type Unit = "minutes" | "hours" | "days" | "weeks";

const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** `P3DT4H` as `3 days 4 hours`; what is no duration, as it is. */
export function isoDuration(iso: string): string {
  const parts = ISO.exec(iso)?.slice(1);
  if (!parts?.some(Boolean)) return iso;
  return UNITS.map(([, unit], i) => [Number(parts[i] ?? 0), unit] as const)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`)
    .join(" ");
}

/** How people say it: so many of one unit. Null for what takes several units. */
export function simple(iso: string): { count: number; unit: Unit } | null {
  const single = /^P(?:(\d+)(W|D)|T(\d+)(H|M))$/.exec(iso);
  if (!single) return null;
  const count = Number(single[1] ?? single[3]);
  const unit = ({ W: "weeks", D: "days", H: "hours", M: "minutes" } as const)[single[2] ?? single[4] ?? "D"];
  return unit ? { count, unit } : null;
}

export function toIso(count: number, unit: Unit): string {
  return { weeks: `P${count}W`, days: `P${count}D`, hours: `PT${count}H`, minutes: `PT${count}M` }[unit];
}
