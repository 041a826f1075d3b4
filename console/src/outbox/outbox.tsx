import { Page } from "../shell/page";

export function Outbox() {
  return <Page title="Outbox">{null}</Page>;
}
