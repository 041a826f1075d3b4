import { useQuery } from "@tanstack/react-query";
import { campaigns, channels, told, tracking } from "../api/client";
import type { Behaviour } from "./language";

const SEEN = 50;
const LIMIT = 500;
const AWHILE_MS = 60_000;

/** Attributes that some contacts have. Others may have others: any name can be typed. */
export function useAttributes(): string[] {
  const { data } = useSeen();
  return namesIn(data?.flatMap((one) => Object.keys(one.attributes)));
}

/** Tags that some contacts have. */
export function useTags(): string[] {
  const { data } = useSeen();
  return namesIn(data?.flatMap((one) => one.tags));
}

function useSeen() {
  return useQuery({
    queryKey: ["contacts", "some"],
    queryFn: async () =>
      (await told(tracking.GET("/contacts", { params: { query: { limit: SEEN } } }))).items,
    staleTime: AWHILE_MS,
  });
}

function namesIn(names: string[] | undefined): string[] {
  return [...new Set(names)].sort();
}

const query = { params: { query: { limit: LIMIT } } };
type Asked = () => Promise<string[]>;
const KEYS: Record<string, Asked> = {
  form: async () => (await told(tracking.GET("/forms", query))).items.map((one) => one.key),
  template: async () => (await told(channels.GET("/templates", query))).items.map((one) => one.key),
  campaign: async () => (await told(campaigns.GET("/campaigns", query))).items.map((one) => one.key),
};

/** Keys of what is there, where a behaviour is asked for one. */
export function useChoices(field: string, about: Behaviour | null): string[] {
  const ask = about && Object.hasOwn(KEYS, field) ? KEYS[field] : undefined;
  const { data } = useQuery({
    queryKey: ["choices", field],
    queryFn: () => ask?.() ?? [],
    enabled: ask !== undefined,
    staleTime: AWHILE_MS,
  });
  return (ask && data) ?? [];
}
