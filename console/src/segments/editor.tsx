import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { segments, toldWithTag } from "../api/client";
import { isMissing } from "../api/problem";
import { Failed } from "../shell/failed";
import { Waiting } from "../shell/waiting";
import type { SegmentView } from "./types";
import { Work } from "./work";

/** The page of one segment: loads it; one that is only named yet begins empty. */
export function SegmentEditor() {
  const { key } = useParams({ from: "/inside/segments/$key" });
  const { name } = useSearch({ from: "/inside/segments/$key" });
  const [edition, setEdition] = useState(0);
  const { data, error, refetch } = useQuery({
    queryKey: ["segment to edit", key, edition],
    queryFn: () => load(key, name),
    staleTime: Infinity,
    gcTime: 0,
  });
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Waiting label="Opening the segment" />;
  return (
    <Work
      key={`${key} ${edition}`}
      segment={key}
      loaded={data}
      named={name ?? key}
      onReload={() => setEdition((now) => now + 1)}
    />
  );
}

export interface Loaded {
  /** Null while it is only named. */
  document: SegmentView["document"] | null;
  etag: string | null;
}

async function load(key: string, name: string | undefined): Promise<Loaded> {
  try {
    const { data, etag } = await toldWithTag(segments.GET("/segments/{key}", { params: { path: { key } } }));
    return { document: data.document, etag };
  } catch (error) {
    if (name !== undefined && isMissing(error)) return { document: null, etag: null };
    throw error;
  }
}

export function ToSegments() {
  return (
    <Anchor component={Link} to="/segments" size="sm">
      Segments
    </Anchor>
  );
}
