import { describe, expect, it } from "vitest";
import { isWholeReaction, narrowed, onBehaviour, unlessUsual, withWhere } from "./edits";
import type { ActionDraft } from "./types";

const PRICING: ActionDraft = { name: "Looked at prices", on: "page_viewed", path: "/pricing", delta: 10 };

describe("an action", () => {
  it("on another behaviour forgets what only the first can be asked", () => {
    const where = { path: "/pricing", "properties.plan": "pro" };
    expect(onBehaviour({ ...PRICING, where }, "event_tracked")).toEqual({
      name: "Looked at prices",
      on: "event_tracked",
      delta: 10,
      where: { match: "all", rules: [{ field: "properties.plan", operator: "=", value: "pro" }] },
    });
    expect(onBehaviour(PRICING, "page_viewed")).toBe(PRICING);
  });

  it("says nothing where it asks nothing", () => {
    expect(narrowed(PRICING, "path", "")).toEqual({ name: "Looked at prices", on: "page_viewed", delta: 10 });
    expect(withWhere({ ...PRICING, where: {} }, undefined)).toEqual(PRICING);
  });

  it("does not say what goes without saying", () => {
    const resting = unlessUsual(PRICING, "active", false, true);
    expect(resting.active).toBe(false);
    expect(unlessUsual(resting, "active", true, true)).toEqual(PRICING);
  });
});

describe("what a trigger does", () => {
  it("is whole when it says to whom", () => {
    expect(
      [{ webhook: "" }, { webhook: "crm" }, { segment: "hot", member: false }].map(isWholeReaction),
    ).toEqual([false, true, true]);
  });
});
