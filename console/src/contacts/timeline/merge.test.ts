import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Happening, holdingUp, merged, type Part } from "./merge";

const SERVICES = ["segments", "campaigns", "channels"];

const histories = fc.tuple(
  ...SERVICES.map((service) =>
    fc
      .array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 })
      .map((times) =>
        times
          .sort((one, other) => other - one)
          .map((time, i): Happening => ({ id: `${service}${i}`, at: new Date(time * 1000).toISOString() })),
      ),
  ),
);

function read(histories: Happening[][], counts: number[]): Part<Happening>[] {
  return histories.map((history, i) => {
    const count = Math.min(counts[i] ?? 0, history.length);
    return { items: history.slice(0, count), more: count < history.length };
  });
}

const ids = (items: Happening[]) => items.map((item) => item.id);
const whole = (told: Happening[][]) => merged(read(told, [99, 99, 99]));

describe("a timeline of several services", () => {
  it("shows everything, the youngest first, once all is read", () => {
    fc.assert(
      fc.property(histories, (told) => {
        const shown = whole(told);
        expect(shown).toHaveLength(told.flat().length);
        const times = shown.map((item) => item.at);
        expect(times).toEqual([...times].sort().reverse());
      }),
    );
  });

  it("never shows something that more reading would put others above", () => {
    const counts = fc.array(fc.nat(12), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(histories, counts, (told, some) => {
        const shown = merged(read(told, some));
        const above = whole(told).filter((item) => item.at > (shown[shown.length - 1]?.at ?? "9"));
        expect(ids(shown)).toEqual(expect.arrayContaining(ids(above)));
      }),
    );
  });

  it("ends when what holds it up is read on, page by page", () => {
    fc.assert(
      fc.property(histories, (told) => {
        const counts = [0, 0, 0];
        for (let reads = 0; reads < 99; reads++) {
          const held = holdingUp(read(told, counts));
          if (held < 0) break;
          counts[held] = (counts[held] ?? 0) + 2;
        }
        expect(ids(merged(read(told, counts)))).toEqual(ids(whole(told)));
      }),
    );
  });
});
