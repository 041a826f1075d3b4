import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, test } from "./console";

const MOST_BYTES = 250_000;

test("at most 250 KB of JavaScript, packed, come before the canvas does", async ({ admin: page }) => {
  const loaded = await loadedBy(page, () => page.reload());
  expect([...loaded.keys()].some((name) => name.includes("canvas"))).toBe(false);
  const bytes = [...loaded.values()].reduce((all, one) => all + one, 0);
  console.log(`  ${Math.round(bytes / 1000)} KB of JavaScript, packed, in ${loaded.size} files`);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
});

/** The scripts that come until the page is quiet, and how large each is when packed. */
async function loadedBy(page: Page, act: () => Promise<unknown>): Promise<Map<string, number>> {
  const scripts: Promise<[string, number]>[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.endsWith(".js")) return;
    scripts.push(response.body().then((body) => [pathname, gzipSync(body).length]));
  });
  await act();
  await expect(page.getByRole("heading", { name: "Campaigns" })).toBeVisible();
  await page.waitForLoadState("networkidle");
  return new Map(await Promise.all(scripts));
}
