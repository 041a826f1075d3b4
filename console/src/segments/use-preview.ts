import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { segments, told } from "../api/client";
import { Refused } from "../api/problem";
import { isWhole } from "../rules/edits";

const PAUSE_MS = 400;
const FRESH_MS = 10_000;

/** For whom rules hold now, asked a moment after the last change. */
export function usePreview(rules: unknown) {
  const [asked] = useDebouncedValue(rules, PAUSE_MS);
  const query = useQuery({
    queryKey: ["segments", "preview", JSON.stringify(asked)],
    queryFn: ({ signal }) => told(segments.POST("/segments/preview", { body: { rules: asked }, signal })),
    enabled: isWhole(asked),
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
    retry: false,
  });
  return {
    data: query.data,
    error: query.error,
    problems: asked === rules ? problemsOf(query.error) : {},
    isCounting: query.isFetching || asked !== rules,
    again: () => void query.refetch(),
  };
}

/** What is wrong with the rules, by places within them. */
export function problemsOf(error: Error | null): Record<string, string> {
  if (!(error instanceof Refused)) return {};
  const within = Object.entries(error.fields).filter(([pointer]) => /^\/rules(\/|$)/.test(pointer));
  return Object.fromEntries(within.map(([pointer, what]) => [pointer.slice("/rules".length), what]));
}
