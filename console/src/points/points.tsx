import { Tabs } from "@mantine/core";
import { Link, useSearch } from "@tanstack/react-router";
import { Page } from "../shell/page";
import { Actions } from "./actions";
import { Triggers } from "./triggers";

/** What earns points, and what reaching a score sets off. */
export function Points() {
  const { tab = "actions" } = useSearch({ from: "/inside/points" });
  return (
    <Page
      title="Points"
      about="What contacts do earns them points; a score that is reached sets something off"
    >
      <Tabs value={tab} keepMounted={false}>
        <Tabs.List>
          <Tab tab="actions" label="Actions" />
          <Tab tab="triggers" label="Triggers" />
        </Tabs.List>
      </Tabs>
      {tab === "actions" ? <Actions /> : <Triggers />}
    </Page>
  );
}

function Tab({ tab, label }: { tab: "actions" | "triggers"; label: string }) {
  return (
    <Tabs.Tab
      value={tab}
      renderRoot={(props) => (
        <Link to="/points" search={{ tab: tab === "actions" ? undefined : tab }} {...props} />
      )}
    >
      {label}
    </Tabs.Tab>
  );
}
