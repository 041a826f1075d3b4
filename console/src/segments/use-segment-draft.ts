import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { segments, toldWithTag } from "../api/client";
import { isConflict } from "../api/problem";
import { say } from "../shell/notices";
import type { Loaded } from "./editor";
import { draftOf, type SegmentDraft } from "./types";

/** A segment while it is edited. Somebody else's changes are never overwritten unawares. */
export function useSegmentDraft(key: string, loaded: Loaded, named: string) {
  const queries = useQueryClient();
  const [kept, setKept] = useState(loaded);
  const [draft, setDraft] = useState<SegmentDraft>(() => draftOf(loaded.view?.document ?? null, named));
  const saving = useMutation({
    mutationFn: async ({ over }: { over?: boolean }) => {
      const etag = over ? await theirs(key) : kept.etag;
      return toldWithTag(
        segments.PUT("/segments/{key}", {
          params: { path: { key }, header: etag === null ? { "if-none-match": "*" } : { "if-match": etag } },
          body: draft,
        }),
      );
    },
    onSuccess: ({ data, etag }) => {
      setKept({ view: data, etag });
      say("Saved. Contacts are judged by it from now on");
      void queries.invalidateQueries({ queryKey: ["segments"] });
    },
  });
  return {
    draft,
    setDraft,
    isNew: kept.view === null,
    isChanged: kept.view === null || !same(draft, draftOf(kept.view.document, named)),
    isConflict: isConflict(saving.error),
    error: saving.error,
    isSaving: saving.isPending,
    save: () => saving.mutate({}),
    overwrite: () => saving.mutate({ over: true }),
  };
}

async function theirs(key: string): Promise<string> {
  return (await toldWithTag(segments.GET("/segments/{key}", { params: { path: { key } } }))).etag;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
