import {
  IconMailbox,
  IconMessage2,
  IconSettings,
  IconStars,
  IconTopologyStar3,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";

/** Where one can go: the navigation and the command palette show the same. */
export const PLACES = [
  { to: "/campaigns", label: "Campaigns", icon: IconTopologyStar3, scope: "campaigns:read" },
  { to: "/contacts", label: "Contacts", icon: IconUsers, scope: "contacts:read" },
  { to: "/segments", label: "Segments", icon: IconUsersGroup, scope: "segments:read" },
  { to: "/messages", label: "Messages", icon: IconMessage2, scope: "templates:read" },
  { to: "/points", label: "Points", icon: IconStars, scope: "points:read" },
  { to: "/outbox", label: "Outbox", icon: IconMailbox, scope: "deliveries:read" },
  { to: "/settings", label: "Settings", icon: IconSettings, scope: "sources:read" },
] as const;
