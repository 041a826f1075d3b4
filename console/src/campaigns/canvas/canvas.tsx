import { ReactFlowProvider } from "@xyflow/react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { campaigns, told, toldWithTag } from "../../api/client";
import { Failed } from "../../shell/failed";
import { Waiting } from "../../shell/waiting";
import type { CampaignDocument } from "../document/types";
import { Work } from "./work";

/** The page of one campaign: loads it, and begins anew when somebody else's version is taken. */
export function CanvasPage() {
  const { key } = useParams({ from: "/inside/campaigns/$key" });
  const [edition, setEdition] = useState(0);
  const { data, error, refetch } = useQuery({
    queryKey: ["campaign to draw", key, edition],
    queryFn: () => load(key),
    staleTime: Infinity,
    gcTime: 0,
  });
  const again = useCallback(() => setEdition((now) => now + 1), []);
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Waiting label="Opening the campaign" />;
  return (
    <ReactFlowProvider key={`${key} ${edition}`}>
      <Work campaign={key} loaded={data} onReload={again} />
    </ReactFlowProvider>
  );
}

async function load(key: string) {
  const params = { params: { path: { key } } };
  const [{ data, etag }, layout] = await Promise.all([
    toldWithTag(campaigns.GET("/campaigns/{key}", params)),
    told(campaigns.GET("/campaigns/{key}/layout", params)),
  ]);
  return {
    document: data.document as unknown as CampaignDocument,
    problems: data.problems,
    status: data.status,
    places: layout.places,
    etag,
  };
}

export type LoadedCampaign = Awaited<ReturnType<typeof load>>;
