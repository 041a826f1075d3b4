import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { Invite } from "./session/invite";
import { Failed } from "./shell/failed";
import { Lost } from "./shell/lost";
import { Shell } from "./shell/shell";
import { Waiting } from "./shell/waiting";

const root = createRootRoute({ notFoundComponent: Lost });
const invite = createRoute({ getParentRoute: () => root, path: "/invite", component: Invite });
const shell = createRoute({ getParentRoute: () => root, id: "inside", component: Shell });

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/campaigns" });
  },
});
const login = createRoute({
  getParentRoute: () => shell,
  path: "/login",
  component: lazyRouteComponent(() => import("./session/arrived"), "Arrived"),
});

export const campaignList = createRoute({
  getParentRoute: () => shell,
  path: "/campaigns",
  component: lazyRouteComponent(() => import("./campaigns/list"), "CampaignList"),
});

export const contactList = createRoute({
  getParentRoute: () => shell,
  path: "/contacts",
  component: lazyRouteComponent(() => import("./contacts/list"), "ContactList"),
});
export const segmentList = createRoute({
  getParentRoute: () => shell,
  path: "/segments",
  component: lazyRouteComponent(() => import("./segments/list"), "SegmentList"),
});
export const messageList = createRoute({
  getParentRoute: () => shell,
  path: "/messages",
  component: lazyRouteComponent(() => import("./messages/list"), "MessageList"),
});
export const pointsPage = createRoute({
  getParentRoute: () => shell,
  path: "/points",
  component: lazyRouteComponent(() => import("./points/points"), "Points"),
});
export const outboxPage = createRoute({
  getParentRoute: () => shell,
  path: "/outbox",
  component: lazyRouteComponent(() => import("./outbox/outbox"), "Outbox"),
});
export const settingsPage = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/settings"), "Settings"),
});

const tree = root.addChildren([
  invite,
  shell.addChildren([
    home,
    login,
    campaignList,
    contactList,
    segmentList,
    messageList,
    pointsPage,
    outboxPage,
    settingsPage,
  ]),
]);

export function makeRouter() {
  return createRouter({
    routeTree: tree,
    defaultPreload: "intent",
    defaultPendingComponent: Waiting,
    defaultErrorComponent: ({ error, reset }) => (
      <Failed error={error instanceof Error ? error : new Error(String(error))} again={reset} />
    ),
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
