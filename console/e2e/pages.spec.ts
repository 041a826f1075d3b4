import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, loginLink, test } from "./console";
import { furnish, pagesOf } from "./world";

const PICTURES = "e2e/results/pages";
const THEMES = ["light", "dark"] as const;
const WIDE = 1440;
const WIDTHS = [WIDE, 390];

test("every page is without serious barriers, in both themes and at two widths, and is pictured", async ({
  admin: page,
}) => {
  test.setTimeout(900_000);
  const world = await furnish();
  for (const [name, path] of Object.entries(pagesOf(world))) {
    await test.step(name, () => examine(page, name, path));
  }
});

test("the doors are without serious barriers", async ({ stranger: page }) => {
  await examine(page, "login", "/login");
  await examine(page, "invitation-over", "/invite#nobody-has-this");
});

test("empty pages teach, and what is not there is said to be so", async ({ admin: page }) => {
  await examine(page, "nobody-found", "/contacts?search=nobody-of-this-name");
  await examine(page, "no-such-contact", "/contacts/00000000-0000-4000-8000-000000000000");
  await examine(page, "no-such-campaign", "/campaigns/no-such-campaign");
  await examine(page, "no-such-page", "/no/such/page");
});

test("the palette of places opens by keyboard and leads on", async ({ admin: page }) => {
  await page.keyboard.press("Control+k");
  await page.getByRole("textbox", { name: "Where to?" }).fill("segm");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Segments" })).toBeVisible();
  await page.goto(await loginLink()); // whoever is in already comes in again
  await expect(page.getByRole("heading", { name: "Campaigns" })).toBeVisible();
});

async function examine(page: Page, name: string, path: string): Promise<void> {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(path);
    await page.waitForLoadState("networkidle");
    await expect(page.getByRole("status", { name: /^(Loading|Opening|Reading)/ })).toHaveCount(0);
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await page.evaluate(atRest);
      await page.screenshot({ path: `${PICTURES}/${name}-${theme}-${width}.png` });
      const found = width === WIDE ? await barriers(page) : [];
      expect.soft(found, `${name}, ${theme}`).toEqual([]);
    }
    expect.soft(await overflow(page), `${name}: not wider than a window of ${width}`).toBeLessThanOrEqual(0);
  }
}

/** Two frames after all that moves has come to rest: what changes its colour does so in steps. */
async function atRest(): Promise<void> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  const ending = document.getAnimations().filter((one) => one.effect?.getTiming().iterations !== Infinity);
  await Promise.all(ending.map((one) => one.finished.catch(() => undefined)));
  await frame();
}

/** What axe finds that keeps somebody from using the page. */
async function barriers(page: Page): Promise<string[]> {
  // Legacy: in this page alone. The frames that show e-mails let no script in, axe's neither.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).exclude("iframe").analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, html }) => `${id}: ${target.join(" ")} ${html.slice(0, 160)}`),
    );
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
