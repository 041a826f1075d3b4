import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { channels, toldWithTag } from "../api/client";
import { isConflict } from "../api/problem";
import { say } from "../shell/notices";
import type { Loaded } from "./editor";
import type { MessageDraft } from "./types";

/** A message while it is written. Somebody else's changes are never overwritten unawares. */
export function useMessageDraft(key: string, loaded: Loaded) {
  const queries = useQueryClient();
  const [kept, setKept] = useState(loaded);
  const [draft, setDraft] = useState(loaded.draft);
  const saving = useMutation({
    mutationFn: async ({ sent, over }: { sent: MessageDraft; over?: boolean }) => {
      const etag = over ? await theirs(key) : kept.etag;
      return toldWithTag(
        channels.PUT("/templates/{key}", {
          params: { path: { key }, header: etag === null ? { "if-none-match": "*" } : { "if-match": etag } },
          body: sent,
        }),
      );
    },
    onSuccess: ({ etag }, { sent }) => {
      setKept({ draft: sent, etag });
      say("Saved. What leaves from now on is written by it");
      void queries.invalidateQueries({ queryKey: ["messages"] });
    },
  });
  return {
    draft,
    put: (change: Partial<MessageDraft>) => setDraft((now) => ({ ...now, ...change })),
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
  return (await toldWithTag(channels.GET("/templates/{key}", { params: { path: { key } } }))).etag;
}
