import type { components } from "../api/generated/tracking";

export type Contact = components["schemas"]["ContactView"];
