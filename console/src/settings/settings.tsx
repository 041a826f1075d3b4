import { Box, Tabs } from "@mantine/core";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useSession } from "../session/context";
import { Page } from "../shell/page";

const ROOMS = [
  { to: "/settings/sources", label: "Sources", scope: "sources:read" },
  { to: "/settings/forms", label: "Forms", scope: "forms:read" },
  { to: "/settings/senders", label: "Senders", scope: "senders:read" },
  { to: "/settings/destinations", label: "Destinations", scope: "destinations:read" },
  { to: "/settings/people", label: "People", scope: "people:read" },
] as const;

/** How Canvass is connected to the world, and who may use it. */
export function Settings() {
  const scopes = useSession()?.scopes ?? [];
  const here = useRouterState({ select: (state) => state.location.pathname });
  return (
    <Page title="Settings" about="How Canvass is connected to the world, and who may use it">
      <Tabs value={ROOMS.find(({ to }) => here.startsWith(to))?.to ?? null}>
        <Box style={{ overflowX: "auto" }}>
          <Tabs.List style={{ flexWrap: "nowrap" }}>
            {ROOMS.filter(({ scope }) => scopes.includes(scope)).map(({ to, label }) => (
              <Tabs.Tab key={to} value={to} renderRoot={(props) => <Link to={to} {...props} />}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
        </Box>
      </Tabs>
      <Outlet />
    </Page>
  );
}
