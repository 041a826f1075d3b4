import { Page } from "../shell/page";

export function Points() {
  return <Page title="Points">{null}</Page>;
}
