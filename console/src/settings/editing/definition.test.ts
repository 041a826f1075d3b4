import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyOf } from "./definition";
import { wrongKey } from "./key-field";

describe("a key made of a name", () => {
  it.each([
    ["Our shop!", "our-shop"],
    ["  Café  Zürich 2 ", "cafe-zurich-2"],
    ["…", ""],
  ])("of %j is %j", (name: string, key: string) => {
    expect(keyOf(name)).toBe(key);
  });

  it("is one that the services take, whatever the name, or empty", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (name) => {
        const key = keyOf(name);
        expect(key === "" || wrongKey(key) === null).toBe(true);
      }),
    );
  });
});
