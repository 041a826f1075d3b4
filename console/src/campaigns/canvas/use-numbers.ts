import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { campaigns, told } from "../../api/client";
import type { Count } from "./nodes";

const EVERY_MS = 2_000;

export interface Numbers {
  entered: number;
  underWay: number;
  ended: number;
  at: (step: string) => Count | null;
  /** How many took this way out of a step; null where that is not counted apart. */
  passedBy: (step: string | null, exit: string) => number | null;
}

const NONE: Numbers = { entered: 0, underWay: 0, ended: 0, at: () => null, passedBy: () => null };

/** The live numbers of a campaign that was ever published. */
export function useNumbers(key: string, published: boolean): Numbers {
  const { data } = useQuery({
    queryKey: ["campaigns", key, "numbers"],
    queryFn: () => told(campaigns.GET("/campaigns/{key}/numbers", { params: { path: { key } } })),
    enabled: published,
    refetchInterval: EVERY_MS,
  });
  return useMemo(() => {
    if (!data) return NONE;
    const steps = new Map(data.steps.map((step) => [step.step, step]));
    const sum = (passed: Record<string, number>) => Object.values(passed).reduce((all, one) => all + one, 0);
    return {
      entered: data.entered,
      underWay: data.under_way,
      ended: data.ended,
      at: (name) => {
        const step = steps.get(name);
        return step ? { waiting: step.waiting, done: sum(step.passed) } : null;
      },
      passedBy: (name, exit) => {
        const step = name === null ? undefined : steps.get(name);
        return step && (exit === "yes" || exit === "no") ? (step.passed[exit] ?? 0) : null;
      },
    };
  }, [data]);
}
