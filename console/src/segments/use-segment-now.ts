import { useQuery } from "@tanstack/react-query";
import { segments, told } from "../api/client";

const EVERY_MS = 4_000;

/** The segment as it is now: how many are in it changes as contacts act. */
export function useSegmentNow(key: string, exists: boolean) {
  return useQuery({
    queryKey: ["segments", "now", key],
    queryFn: () => told(segments.GET("/segments/{key}", { params: { path: { key } } })),
    refetchInterval: EVERY_MS,
    enabled: exists,
  }).data;
}
