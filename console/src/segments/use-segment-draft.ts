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
  const [draft, setDraft] = useState<SegmentDraft>(() => draftOf(loaded.document, named));
  const [kept, setKept] = useState({ draft, etag: loaded.etag });
  const saving = useMutation({
    mutationFn: async ({ sent, over }: { sent: SegmentDraft; over?: boolean }) => {
      const etag = over ? await theirs(key) : kept.etag;
      return toldWithTag(
        segments.PUT("/segments/{key}", {
          params: { path: { key }, header: etag === null ? { "if-none-match": "*" } : { "if-match": etag } },
          body: sent,
        }),
      );
    },
    onSuccess: ({ etag }, { sent }) => {
      setKept({ draft: sent, etag });
      say("Saved. Contacts are judged by it from now on");
      void queries.invalidateQueries({ queryKey: ["segments"] });
    },
  });
  return {
    draft,
    setDraft,
    isNew: kept.etag === null,
    isChanged: kept.etag === null || JSON.stringify(draft) !== JSON.stringify(kept.draft),
    isConflict: isConflict(saving.error),
    error: saving.error,
    isSaving: saving.isPending,
    save: () => saving.mutate({ sent: draft }),
    overwrite: () => saving.mutate({ sent: draft, over: true }),
  };
}

async function theirs(key: string): Promise<string> {
  return (await toldWithTag(segments.GET("/segments/{key}", { params: { path: { key } } }))).etag;
}
