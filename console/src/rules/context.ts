import { createContext, useContext } from "react";
import type { Behaviour } from "./language";

interface Rules {
  readOnly: boolean;
  /** The behaviour that is asked about; null where contacts are. */
  about: Behaviour | null;
  /** What the service says is wrong, by JSON Pointer into the rules: `/rules/0/value`. */
  problems: Record<string, string>;
}

export const RulesContext = createContext<Rules>({ readOnly: true, about: null, problems: {} });

export function useRules(): Rules {
  return useContext(RulesContext);
}

/** What is wrong with a rule itself, or with what it says; of the rules within it each says its own. */
export function problemOf(problems: Record<string, string>, at: string): string | undefined {
  const own = Object.entries(problems).find(([pointer]) => {
    if (pointer === at) return true;
    return pointer.startsWith(`${at}/`) && !/\/rules\/\d+/.test(pointer.slice(at.length));
  });
  return own?.[1];
}
