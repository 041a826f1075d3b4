import { expect, test } from "./console";
import { furnish, pagesOf } from "./world";

const HOSTILE = `"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7919*7919}}`;
const hostile = (plain: string) => `${plain} ${HOSTILE}`;

/** On these pages no name of anybody's making stands: keys, numbers and our own words alone. */
const PLAIN = new Set([
  "sources",
  "senders",
  "sender-new",
  "destinations",
  "destination",
  "people",
  "outbox",
]);

test("what visitors and colleagues name things is text wherever it is shown", async ({ admin: page }) => {
  test.setTimeout(300_000);
  const world = await furnish(hostile);
  const pages = { ...pagesOf(world), contacts: `/contacts?search=${world.person.userId}` };
  for (const [name, path] of Object.entries(pages)) {
    await test.step(name, async () => {
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      const injected = page.locator('img[src="x"], script:not([src]), a[href^="javascript:" i], [onerror]');
      await expect(injected, name).toHaveCount(0);
      const shown = await page.evaluate(textOfAll);
      if (!PLAIN.has(name)) expect(shown, name).toContain("<img src=x onerror=alert(1)>");
      expect(shown, name).not.toContain("62710561"); // no template of somebody else's is worked out
    });
  }
});

test("what an e-mail brings does not run where it is looked at", async ({ admin: page }) => {
  const world = await furnish(hostile);
  await page.goto(pagesOf(world)["outbox-message"] ?? "");
  const frame = page.locator("iframe").first().contentFrame();
  await expect(frame.getByRole("heading", { name: /Thank you, Ada/ })).toContainText("<img src=x");
  await expect(frame.locator('img[src="x"], script')).toHaveCount(0);
  await expect(page.locator("iframe").first()).toHaveAttribute(
    "sandbox",
    /^(?!.*allow-scripts)(?!.*allow-same-origin)/,
  );
});

/** All that is to be read: text, what stands in fields, and what is told to those who do not see. */
function textOfAll(): string {
  const fields = [...document.querySelectorAll<HTMLInputElement>("input, textarea")].map((one) => one.value);
  const labels = [...document.querySelectorAll("[aria-label]")].map((one) => one.getAttribute("aria-label"));
  return [document.body.innerText, ...fields, ...labels].join("\n");
}
