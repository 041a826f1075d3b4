import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { channels, told } from "../api/client";
import { Refused } from "../api/problem";
import type { MessageDraft } from "./types";

const PAUSE_MS = 350;

/** Who is spoken to while nobody is chosen. */
const ANN = {
  first_name: "Ann",
  last_name: "Example",
  name: "Ann Example",
  email: "ann@example.com",
  phone: "+14165550123",
};

/** What a message says while it is written, to a contact or to one that is made up. */
export function usePreview(
  draft: MessageDraft,
  contact: string | undefined,
  values: Record<string, unknown>,
) {
  const { subject, text, html, mjml } = draft;
  const [asked] = useDebouncedValue(JSON.stringify({ subject, text, html, mjml }), PAUSE_MS);
  const whom = contact ? { contact_id: contact } : { contact: ANN };
  const query = useQuery({
    queryKey: ["messages", "preview", asked, whom, values],
    queryFn: ({ signal }) =>
      told(
        channels.POST("/templates/preview", {
          body: { template: JSON.parse(asked) as typeof draft, values, ...whom },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
  const [last, setLast] = useState(query.data);
  if (query.data && query.data !== last) setLast(query.data); // what it said before there was a mistake in it
  return {
    said: query.data ?? last,
    error: query.error,
    problems: problemsOf(query.error),
    isWaiting: query.isFetching,
  };
}

/** What is wrong in each part: `subject`, `text`, `html`, `mjml`. */
export function problemsOf(error: Error | null): Record<string, string> {
  if (!(error instanceof Refused)) return {};
  return Object.fromEntries(
    Object.entries(error.fields).map(([place, what]) => [place.replace(/^\/?(template[./])?/, ""), what]),
  );
}
