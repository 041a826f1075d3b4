import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { campaigns, toldWithTag } from "../../api/client";
import { isConflict, Refused } from "../../api/problem";
import { byStep, type Problems } from "../document/problems";
import type { CampaignDocument } from "../document/types";

const AFTER_MS = 600;

export type Saving = "saved" | "changed" | "saving" | "conflict" | "failed";

export interface Draft {
  saving: Saving;
  problems: Problems;
  error: Error | null;
  /** Save over what somebody else has saved meanwhile. */
  overwrite: () => void;
  save: () => void;
}

/** Keeps the draft as it is drawn, a moment after the last change. Somebody else's changes are never lost. */
export function useDraft(key: string, document: CampaignDocument, loaded: Loaded): Draft {
  const queries = useQueryClient();
  const [saving, setSaving] = useState<Saving>("saved");
  const [problems, setProblems] = useState<Problems>(() => byStep(loaded.problems));
  const [error, setError] = useState<Error | null>(null);
  const etag = useRef(loaded.etag);
  const kept = useRef(loaded.document);
  const running = useRef(false);
  const wanted = useRef(document);
  useLayoutEffect(() => {
    wanted.current = document;
  }, [document]);

  const put = useCallback(async () => {
    if (running.current || kept.current === wanted.current) return;
    running.current = true;
    setSaving("saving");
    const sent = wanted.current;
    try {
      const { data, etag: next } = await toldWithTag(putDraft(key, sent, etag.current));
      etag.current = next;
      kept.current = sent;
      setProblems(byStep(data.problems));
      setError(null);
      setSaving(wanted.current === sent ? "saved" : "changed");
      void queries.invalidateQueries({ queryKey: ["campaigns"] });
    } catch (caught) {
      const failed = caught instanceof Error ? caught : new Error(String(caught));
      setError(failed);
      if (failed instanceof Refused && failed.status === 422) setProblems(byStep(failed.fields));
      setSaving(isConflict(failed) ? "conflict" : "failed");
    } finally {
      running.current = false;
    }
  }, [key, queries]);

  useEffect(() => {
    if (document === kept.current || saving === "conflict") return;
    setSaving((now) => (now === "saving" ? now : "changed"));
    const timer = setTimeout(() => void put(), AFTER_MS);
    return () => clearTimeout(timer);
  }, [document, put, saving]);

  const overwrite = useCallback(async () => {
    const { etag: theirs } = await toldWithTag(
      campaigns.GET("/campaigns/{key}", { params: { path: { key } } }),
    );
    etag.current = theirs;
    setSaving("changed");
    await put();
  }, [key, put]);

  return { saving, problems, error, overwrite: () => void overwrite(), save: () => void put() };
}

export interface Loaded {
  document: CampaignDocument;
  etag: string;
  problems: Record<string, string>;
}

function putDraft(key: string, document: CampaignDocument, etag: string) {
  return campaigns.PUT("/campaigns/{key}", {
    params: { path: { key }, query: { incomplete: true }, header: { "if-match": etag } },
    body: document as never,
  });
}
