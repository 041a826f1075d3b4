import { Page } from "../shell/page";

export function CampaignList() {
  return <Page title="Campaigns">{null}</Page>;
}
