import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { channels, toldWithTag } from "../api/client";
import { isMissing } from "../api/problem";
import { Failed } from "../shell/failed";
import { Waiting } from "../shell/waiting";
import { begun } from "./begun";
import { draftOf, type MessageDraft } from "./types";
import { Work } from "./work";

/** The page of one message: loads it; one that is only named yet begins from its starter. */
export function MessageEditor() {
  const { key } = useParams({ from: "/inside/messages/$key" });
  const { name, starter } = useSearch({ from: "/inside/messages/$key" });
  const [edition, setEdition] = useState(0);
  const { data, error, refetch } = useQuery({
    queryKey: ["message to edit", key, edition],
    queryFn: () => load(key, name, starter),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Waiting label="Opening the message" />;
  return (
    <Work
      key={`${key} ${edition}`}
      template={key}
      loaded={data}
      onReload={() => setEdition((now) => now + 1)}
    />
  );
}

export interface Loaded {
  draft: MessageDraft;
  /** Null while it is only named. */
  etag: string | null;
}

async function load(key: string, name: string | undefined, starter: string | undefined): Promise<Loaded> {
  try {
    const { data, etag } = await toldWithTag(channels.GET("/templates/{key}", { params: { path: { key } } }));
    return { draft: draftOf(data), etag };
  } catch (error) {
    if (name !== undefined && isMissing(error)) return { draft: begun(name, starter), etag: null };
    throw error;
  }
}
