import { Button } from "@mantine/core";
import { IconTopologyStar3 } from "@tabler/icons-react";
import { ReactFlowProvider } from "@xyflow/react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { campaigns, told, toldWithTag } from "../../api/client";
import { isMissing } from "../../api/problem";
import { Empty } from "../../shell/empty";
import { Failed } from "../../shell/failed";
import { Page } from "../../shell/page";
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
  if (isMissing(error)) return <Unknown />;
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Waiting label="Opening the campaign" />;
  return (
    <ReactFlowProvider key={`${key} ${edition}`}>
      <Work campaign={key} loaded={data} onReload={again} />
    </ReactFlowProvider>
  );
}

function Unknown() {
  return (
    <Page title="Campaign">
      <Empty
        icon={IconTopologyStar3}
        title="There is no such campaign"
        action={
          <Button component={Link} to="/campaigns" variant="default">
            All campaigns
          </Button>
        }
      >
        Its key is another one, or it was never drawn here.
      </Empty>
    </Page>
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
