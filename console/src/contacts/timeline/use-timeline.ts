import { campaigns, channels, segments, told } from "../../api/client";
import { usePages } from "../../api/pages";
import { useMay } from "../../session/context";
import type { Entry, Kind } from "./happenings";
import { holdingUp, merged } from "./merge";

/** What all services tell of a contact, as one timeline; each is read a page at a time, as it is needed. */
export function useTimeline(contactId: string, shown: Kind | undefined) {
  const behaviours = useBehaviours(contactId, shown);
  const journeys = useJourneys(contactId, shown);
  const deliveries = useDeliveries(contactId, shown);
  const asked = [behaviours, journeys, deliveries].filter((one) => one.asked);
  const parts = asked
    .filter(({ list }) => !list.error)
    .map(({ list, entries }) => ({
      entries,
      list,
      items: entries,
      more: list.isPending || list.hasNextPage,
    }));
  const held = parts[holdingUp(parts)];
  return {
    entries: merged<Entry>(parts),
    isPending: parts.some(({ list }) => list.isPending),
    failures: asked.filter(({ list }) => list.error),
    hasNextPage: held !== undefined,
    isFetchingNextPage: held?.list.isFetchingNextPage ?? false,
    fetchNextPage: () => held?.list.fetchNextPage() ?? Promise.resolve(),
  };
}

function useBehaviours(id: string, shown: Kind | undefined) {
  const asked = useMay("segments:read") && (!shown || shown === "behaviour");
  const list = usePages(
    ["contacts", id, "behaviours"],
    (query) =>
      told(
        segments.GET("/contacts/{contact_id}/behaviours", { params: { path: { contact_id: id }, query } }),
      ),
    { enabled: asked },
  );
  const entries = list.items.map((of): Entry => ({ kind: "behaviour", id: of.id, at: of.at, of }));
  return { label: "Behaviour", asked, list, entries };
}

function useJourneys(id: string, shown: Kind | undefined) {
  const asked = useMay("campaigns:read") && (!shown || shown === "journey");
  const list = usePages(
    ["contacts", id, "journeys"],
    (query) =>
      told(campaigns.GET("/contacts/{contact_id}/journeys", { params: { path: { contact_id: id }, query } })),
    { enabled: asked },
  );
  const entries = list.items
    .filter((of) => of.began_at)
    .map((of): Entry => ({ kind: "journey", id: of.id, at: of.began_at ?? "", of }));
  return { label: "Journeys", asked, list, entries };
}

function useDeliveries(id: string, shown: Kind | undefined) {
  const asked = useMay("deliveries:read") && (!shown || shown === "delivery");
  const list = usePages(
    ["contacts", id, "deliveries"],
    (page) => told(channels.GET("/deliveries", { params: { query: { ...page, contact_id: id } } })),
    { enabled: asked },
  );
  const entries = list.items.map((of): Entry => ({
    kind: "delivery",
    id: of.effect_id,
    at: of.planned_at,
    of,
  }));
  return { label: "Messages", asked, list, entries };
}
