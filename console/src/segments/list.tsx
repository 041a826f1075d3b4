import { Page } from "../shell/page";

export function SegmentList() {
  return <Page title="Segments">{null}</Page>;
}
