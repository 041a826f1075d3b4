import { Page } from "../shell/page";

export function MessageList() {
  return <Page title="Messages">{null}</Page>;
}
