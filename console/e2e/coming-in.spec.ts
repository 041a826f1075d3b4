import { expect, invitation, loginLink, type Role, test } from "./console";
import { make, unique } from "./installation";
import type { Page } from "@playwright/test";

const PASSWORD = "a sentence is a good password";

test("somebody comes in by a one-time link, stays in, and the link is good once", async ({
  stranger,
  browser,
}) => {
  const link = await loginLink();
  await stranger.goto(link);
  await expect(stranger.getByRole("heading", { name: "Campaigns" })).toBeVisible();
  expect(stranger.url()).not.toContain("#");
  await stranger.reload();
  await expect(stranger.getByRole("heading", { name: "Campaigns" })).toBeVisible();

  const other = await browser.newPage();
  await other.goto(link);
  await expect(other.getByRole("alert")).toContainText("This link was used, or is too old");
  await other.close();
});

test("no script finds the token or the cookie of who is in", async ({ admin }) => {
  const found = await admin.evaluate(() =>
    [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)].join(" "),
  );
  expect(found).not.toMatch(/eyJ|canvass_session/);
});

test("whoever is invited chooses a password, and logs in by it after logging out", async ({
  admin,
  browser,
}) => {
  const email = `${unique("vera")}@example.com`;
  await admin.goto("/settings/people");
  await admin.getByRole("button", { name: "Invite somebody" }).first().click();
  await admin.getByLabel("Name").fill("Vera");
  await admin.getByLabel("E-mail").fill(email);
  await admin.getByRole("button", { name: "Make the link" }).click();
  const link = await admin.getByText("/invite#").innerText();

  const vera = await browser.newPage();
  await vera.goto(link);
  await vera.getByLabel("Choose a password").fill("short");
  await vera.getByRole("button", { name: "Come in" }).click();
  await expect(vera.getByText("At least 10 characters")).toBeVisible();
  await vera.getByLabel("Choose a password").fill(PASSWORD);
  await vera.getByRole("button", { name: "Come in" }).click();
  await expect(vera.getByRole("heading", { name: "Campaigns" })).toBeVisible();

  await vera.getByRole("button", { name: /Account of/ }).click();
  await vera.getByRole("menuitem", { name: "Log out" }).click();
  await expect(vera.getByRole("heading", { name: "Log in" })).toBeVisible();
  await vera.getByLabel("E-mail").fill(email);
  await vera.getByRole("textbox", { name: "Password" }).fill("not the right one");
  await vera.getByRole("button", { name: "Log in" }).click();
  await expect(vera.getByRole("alert")).toBeVisible();
  await vera.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await vera.getByRole("button", { name: "Log in" }).click();
  await expect(vera.getByRole("heading", { name: "Campaigns" })).toBeVisible();
  await vera.close();
});

test("roles are shown what they may do, and nothing else", async ({ browser }) => {
  const key = unique("roles");
  await make("campaigns", `/campaigns/${key}?incomplete=true`, {
    name: "Of the roles",
    sources: [{ event: "Bought" }],
    steps: { pause: { do: "wait", for: "P1D", next: null } },
  });
  const shown: Record<Role, string[]> = {
    viewer: [],
    editor: ["New campaign", "palette"],
    publisher: ["New campaign", "palette", "Publish…"],
    admin: ["New campaign", "palette", "Publish…", "Invite somebody"],
  };
  for (const role of Object.keys(shown) as Role[]) {
    const page = await browser.newPage();
    await accept(page, role);
    expect(await offered(page, key), role).toEqual(shown[role]);
    await page.close();
  }
});

async function accept(page: Page, role: Role): Promise<void> {
  await page.goto(await invitation(`${unique(role)}@example.com`, role));
  await page.getByLabel("Choose a password").fill(PASSWORD);
  await page.getByRole("button", { name: "Come in" }).click();
  await expect(page.getByRole("heading", { name: "Campaigns" })).toBeVisible();
}

/** Which of the things that change something are offered to them. */
async function offered(page: Page, key: string): Promise<string[]> {
  const there: string[] = [];
  const note = async (name: string, count: Promise<number>) => {
    if ((await count) > 0) there.push(name);
  };
  await expect(page.locator(`a[href="/campaigns/${key}"]`)).toBeVisible();
  await note("New campaign", page.getByRole("button", { name: "New campaign" }).count());
  await page.goto(`/campaigns/${key}`);
  await expect(page.getByTestId("canvas").getByText("Wait", { exact: true })).toBeVisible();
  await note("palette", page.getByRole("navigation", { name: "What can be put on the canvas" }).count());
  await note("Publish…", page.getByRole("button", { name: "Publish…" }).count());
  await page.goto("/settings/people");
  await expect(page.getByRole("main").last()).toBeVisible();
  await page.waitForLoadState("networkidle");
  await note("Invite somebody", page.getByRole("button", { name: "Invite somebody" }).count());
  return there;
}
