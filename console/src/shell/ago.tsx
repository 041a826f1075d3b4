import { useInterval } from "@mantine/hooks";
import { useState } from "react";

const STEPS: [number, Intl.RelativeTimeFormatUnit][] = [
  [60, "second"],
  [3600, "minute"],
  [86_400, "hour"],
  [86_400 * 30, "day"],
  [86_400 * 365, "month"],
  [Infinity, "year"],
];
const SIZES: Partial<Record<Intl.RelativeTimeFormatUnit, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  month: 86_400 * 30,
  year: 86_400 * 365,
};

const told = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** How long ago something was, or how long until it is; the exact time where one points at it. */
export function Ago({ time }: { time: string | null | undefined }) {
  const [now, setNow] = useState(() => Date.now());
  useInterval(() => setNow(Date.now()), 10_000, { autoInvoke: true });
  if (!time) return null;
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()}>
      {ago(time, now)}
    </time>
  );
}

export function ago(time: string, now: number): string {
  const seconds = Math.round((new Date(time).getTime() - now) / 1000);
  const unit = STEPS.find(([limit]) => Math.abs(seconds) < limit)?.[1] ?? "year";
  return told.format(Math.round(seconds / (SIZES[unit] ?? 1)), unit);
}
