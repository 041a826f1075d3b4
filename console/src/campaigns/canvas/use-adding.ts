import { useCallback } from "react";
import { add, aimed, type From, insert, withSources } from "../document/edits";
import { stepNode, stepOf } from "../document/graph";
import type { Place } from "../document/layout";
import { exitsOf, startOf } from "../document/types";
import type { Offer } from "./catalogue";
import { useEditor } from "./editor";

/** Puts what the palette offers on the canvas. */
export function useAdding() {
  const { document, places, selected, change } = useEditor();

  const addAt = useCallback(
    (offer: Offer, place?: Place, from?: From) => {
      if (offer.makes === "source") {
        const number = document.sources.length;
        const sources = [...document.sources, offer.source()];
        const id = `source:${number}`;
        const put = place ? { ...places, [id]: place } : places;
        change({ kind: "draw", drawing: { document: withSources(document, sources), places: put } });
        change({ kind: "select", nodes: [id] });
        return;
      }
      const { document: added, id } = add(document, offer.step(), offer.wish, from);
      const next = from ? aimed(added, from, id) : added;
      const put = place ? { ...places, [stepNode(id)]: place } : places;
      change({ kind: "draw", drawing: { document: next, places: put } });
      change({ kind: "select", nodes: [stepNode(id)] });
    },
    [document, places, change],
  );

  const addBehindSelected = useCallback(
    (offer: Offer) => addAt(offer, undefined, behind(document, selected)),
    [addAt, document, selected],
  );

  const addIntoLine = useCallback(
    (offer: Offer, from: From, to: string) => {
      if (offer.makes === "source") return;
      const { document: next, id } = insert(document, offer.step(), offer.wish, from, to);
      change({ kind: "draw", drawing: { document: next } });
      change({ kind: "select", nodes: [stepNode(id)] });
    },
    [document, change],
  );

  return { addAt, addBehindSelected, addIntoLine };
}

/** Behind the step that is selected; into an empty campaign as its start; else beside it all. */
function behind(document: Parameters<typeof startOf>[0], selected: string[]): From | undefined {
  const chosen = selected.length === 1 ? stepOf(selected[0] ?? "") : null;
  const step = chosen === null ? undefined : document.steps[chosen];
  if (chosen !== null && step) {
    const free = exitsOf(step).find((exit) => !step[exit]);
    return { step: chosen, exit: free ?? exitsOf(step)[0] ?? "next" };
  }
  return selected[0]?.startsWith("source:") ? "sources" : undefined;
}
