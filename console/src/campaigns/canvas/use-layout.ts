import { useEffect, useRef } from "react";
import { campaigns } from "../../api/client";
import { useMay } from "../../session/context";
import type { Places } from "../document/layout";

const AFTER_MS = 800;

/** Keeps where people have put the steps, apart from what the campaign is. The last to move them wins. */
export function useLayout(key: string, places: Places): void {
  const kept = useRef(places);
  const may = useMay("campaigns:write");
  useEffect(() => {
    if (kept.current === places || !may) return;
    const timer = setTimeout(() => {
      kept.current = places;
      void campaigns
        .PUT("/campaigns/{key}/layout", { params: { path: { key } }, body: { places } })
        .catch(() => undefined); // where things stand is not worth a message
    }, AFTER_MS);
    return () => clearTimeout(timer);
  }, [key, places, may]);
}
