import { expect, test } from "./console";
import { make, unique } from "./installation";

const STEPS = 300;
/** The goal is one second; a machine that is busy with everything else is given more. */
const WITHIN_MS = 3_000;

test(`a campaign of ${STEPS} steps opens at once, and pans smoothly`, async ({ admin: page }) => {
  const key = unique("large");
  await make("campaigns", `/campaigns/${key}`, {
    name: "Large",
    sources: [{ event: "Bought" }],
    steps: steps(),
  });
  await page.goto("/campaigns");
  await page.locator(`a[href="/campaigns/${key}"]`).hover(); // as one does before a click: its code comes
  await page.waitForLoadState("networkidle");

  const began = Date.now();
  await page.locator(`a[href="/campaigns/${key}"]`).click();
  await expect(page.locator(".react-flow__node").first()).toBeVisible();
  const opened = Date.now() - began;

  const frames = await panned(page);
  test.info().annotations.push({ type: "opens", description: `${opened} ms` });
  console.log(
    `  ${STEPS} steps: open in ${opened} ms; the longest of ${frames.count} frames of a pan ${frames.longest} ms`,
  );
  expect(opened).toBeLessThan(WITHIN_MS);
});

/** Two ways out of each third step, so that it has breadth. */
function steps(): Record<string, unknown> {
  const name = (place: number) => (place < STEPS ? `s${place}` : null);
  return Object.fromEntries(
    Array.from({ length: STEPS }, (_, place) => {
      const wait = { do: "wait", for: "P1D", next: name(place + 1) };
      const decide = { decide: "page", path: "/", within: "P1D", yes: name(place + 1), no: name(place + 2) };
      return [`s${place}`, place % 3 === 0 ? decide : wait];
    }),
  );
}

async function panned(page: import("@playwright/test").Page): Promise<{ count: number; longest: number }> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { frameTimes: times });
    const note = (now: number) => {
      times.push(now);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  await page.mouse.move(900, 500);
  await page.mouse.down();
  for (let x = 900; x > 500; x -= 20) await page.mouse.move(x, 500 - (900 - x) / 4);
  await page.mouse.up();
  return page.evaluate(() => {
    const { frameTimes: times } = window as unknown as { frameTimes: number[] };
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time));
    return { count: gaps.length, longest: Math.round(Math.max(...gaps)) };
  });
}
