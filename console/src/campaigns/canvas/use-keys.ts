import { useQuery } from "@tanstack/react-query";
import { channels, segments, told, tracking } from "../../api/client";

type Thing = "template" | "destination" | "segment" | "form";

const LIMIT = 500;
const query = { params: { query: { limit: LIMIT } } };

const ASKED: Record<Thing, (channel: string | null) => Promise<string[]>> = {
  segment: async () => (await told(segments.GET("/segments", query))).items.map((one) => one.key),
  form: async () => (await told(tracking.GET("/forms", query))).items.map((one) => one.key),
  template: async (channel) =>
    (await told(channels.GET("/templates", query))).items
      .filter((one) => channel === null || one.channel === channel)
      .map((one) => one.key),
  destination: async (channel) =>
    (await told(channels.GET("/destinations", query))).items
      .filter((one) => channel === null || one.kind === channel)
      .map((one) => one.key),
};

/** The keys of what is there to choose from. */
export function useKeys(thing: Thing, channel: string | null = null): string[] {
  const { data } = useQuery({
    queryKey: ["keys", thing, channel],
    queryFn: () => ASKED[thing](channel),
    staleTime: 15_000,
  });
  return data ?? [];
}
