import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import type { Tab } from "./contacts/profile";
import type { Kind } from "./contacts/timeline/happenings";
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

interface CanvasSearch {
  /** The step that is selected. */
  step?: string | undefined;
  /** Whether the campaign is shown as YAML, too. */
  yaml?: boolean | undefined;
}

export const campaignCanvas = createRoute({
  getParentRoute: () => shell,
  path: "/campaigns/$key",
  validateSearch: (search: Record<string, unknown>): CanvasSearch => ({
    step: typeof search["step"] === "string" ? search["step"] : undefined,
    yaml: search["yaml"] === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import("./campaigns/canvas/canvas"), "CanvasPage"),
});
export const journey = createRoute({
  getParentRoute: () => shell,
  path: "/journeys/$id",
  component: lazyRouteComponent(() => import("./campaigns/journey"), "JourneyPage"),
});
export const campaignList = createRoute({
  getParentRoute: () => shell,
  path: "/campaigns",
  component: lazyRouteComponent(() => import("./campaigns/list"), "CampaignList"),
});

interface ContactsSearch {
  /** The beginnings of words. */
  search?: string | undefined;
  tag?: string | undefined;
}

export const contactList = createRoute({
  getParentRoute: () => shell,
  path: "/contacts",
  validateSearch: (search: Record<string, unknown>): ContactsSearch => ({
    search: textOf(search["search"]),
    tag: textOf(search["tag"]),
  }),
  component: lazyRouteComponent(() => import("./contacts/list"), "ContactList"),
});

interface ProfileSearch {
  tab?: Tab | undefined;
  /** What of the timeline is shown; everything without it. */
  show?: Kind | undefined;
}

export const contactProfile = createRoute({
  getParentRoute: () => shell,
  path: "/contacts/$id",
  validateSearch: (search: Record<string, unknown>): ProfileSearch => ({
    tab: oneOf(["timeline", "attributes", "points"], search["tab"]),
    show: oneOf(["behaviour", "journey", "delivery"], search["show"]),
  }),
  component: lazyRouteComponent(() => import("./contacts/profile"), "ProfilePage"),
});

/** A list that is searched, and whether something new is being begun. */
interface ListSearch {
  search?: string | undefined;
  make?: boolean | undefined;
}

function listOf(search: Record<string, unknown>): ListSearch {
  return { search: textOf(search["search"]), make: search["make"] === true ? true : undefined };
}

export const segmentList = createRoute({
  getParentRoute: () => shell,
  path: "/segments",
  validateSearch: listOf,
  component: lazyRouteComponent(() => import("./segments/list"), "SegmentList"),
});

interface SegmentSearch {
  tab?: "rules" | "members" | undefined;
  /** What a new one is to be called. */
  name?: string | undefined;
}

export const segmentEditor = createRoute({
  getParentRoute: () => shell,
  path: "/segments/$key",
  validateSearch: (search: Record<string, unknown>): SegmentSearch => ({
    tab: oneOf(["rules", "members"], search["tab"]),
    name: textOf(search["name"]),
  }),
  component: lazyRouteComponent(() => import("./segments/editor"), "SegmentEditor"),
});
export const messageList = createRoute({
  getParentRoute: () => shell,
  path: "/messages",
  validateSearch: listOf,
  component: lazyRouteComponent(() => import("./messages/list"), "MessageList"),
});

interface MessageSearch {
  part?: "blocks" | "source" | "text" | undefined;
  view?: "desktop" | "phone" | "text" | undefined;
  /** The contact that it speaks to in its preview. */
  as?: string | undefined;
  /** What a new one is to be called, and what it begins from. */
  name?: string | undefined;
  starter?: string | undefined;
}

export const messageEditor = createRoute({
  getParentRoute: () => shell,
  path: "/messages/$key",
  validateSearch: (search: Record<string, unknown>): MessageSearch => ({
    part: oneOf(["blocks", "source", "text"], search["part"]),
    view: oneOf(["desktop", "phone", "text"], search["view"]),
    as: textOf(search["as"]),
    name: textOf(search["name"]),
    starter: textOf(search["starter"]),
  }),
  component: lazyRouteComponent(() => import("./messages/editor"), "MessageEditor"),
});

interface PointsSearch extends OpenSearch {
  tab?: "actions" | "triggers" | undefined;
}

export const pointsPage = createRoute({
  getParentRoute: () => shell,
  path: "/points",
  validateSearch: (search: Record<string, unknown>): PointsSearch => ({
    tab: oneOf(["actions", "triggers"], search["tab"]),
    ...openOf(search),
  }),
  component: lazyRouteComponent(() => import("./points/points"), "Points"),
});
export const outboxPage = createRoute({
  getParentRoute: () => shell,
  path: "/outbox",
  validateSearch: (search: Record<string, unknown>): { message?: string | undefined } => ({
    message: textOf(search["message"]),
  }),
  component: lazyRouteComponent(() => import("./outbox/outbox"), "Outbox"),
});
export const settingsPage = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/settings"), "Settings"),
});
const settingsHome = createRoute({
  getParentRoute: () => settingsPage,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/sources" });
  },
});

/** Which definition is open in the drawer: its key, or `new` in `make`. */
interface OpenSearch {
  open?: string | undefined;
  make?: boolean | undefined;
}

function openOf(search: Record<string, unknown>): OpenSearch {
  return { open: textOf(search["open"]), make: search["make"] === true ? true : undefined };
}

export const sourcesPage = createRoute({
  getParentRoute: () => settingsPage,
  path: "/sources",
  validateSearch: openOf,
  component: lazyRouteComponent(() => import("./settings/sources/sources"), "Sources"),
});
export const formsPage = createRoute({
  getParentRoute: () => settingsPage,
  path: "/forms",
  validateSearch: openOf,
  component: lazyRouteComponent(() => import("./settings/forms/forms"), "Forms"),
});
export const sendersPage = createRoute({
  getParentRoute: () => settingsPage,
  path: "/senders",
  validateSearch: openOf,
  component: lazyRouteComponent(() => import("./settings/senders/senders"), "Senders"),
});
export const destinationsPage = createRoute({
  getParentRoute: () => settingsPage,
  path: "/destinations",
  validateSearch: openOf,
  component: lazyRouteComponent(() => import("./settings/destinations/destinations"), "Destinations"),
});
export const peoplePage = createRoute({
  getParentRoute: () => settingsPage,
  path: "/people",
  validateSearch: openOf,
  component: lazyRouteComponent(() => import("./settings/people/people"), "People"),
});

const tree = root.addChildren([
  invite,
  shell.addChildren([
    home,
    login,
    campaignList,
    campaignCanvas,
    journey,
    contactList,
    contactProfile,
    segmentList,
    segmentEditor,
    messageList,
    messageEditor,
    pointsPage,
    outboxPage,
    settingsPage.addChildren([
      settingsHome,
      sourcesPage,
      formsPage,
      sendersPage,
      destinationsPage,
      peoplePage,
    ]),
  ]),
]);

function textOf(value: unknown): string | undefined {
  return (typeof value === "string" || typeof value === "number") && value !== "" ? String(value) : undefined;
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((one) => one === value);
}

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
