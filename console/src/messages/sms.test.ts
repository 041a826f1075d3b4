import { describe, expect, it } from "vitest";
import { partsOf } from "./sms";

describe("an SMS", () => {
  it.each([
    ["", 0, 1],
    ["a".repeat(160), 160, 1],
    ["a".repeat(161), 161, 2],
    ["€".repeat(80), 160, 1],
    ["€".repeat(81), 162, 2],
    ["ж".repeat(70), 70, 1],
    ["ж".repeat(71), 71, 2],
    ["👋", 2, 1],
  ])("of %j has %i characters and leaves as %i", (text, length, parts) => {
    expect(partsOf(text)).toEqual({ length, parts });
  });
});
