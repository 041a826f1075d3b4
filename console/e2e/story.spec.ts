import type { Page } from "@playwright/test";
import { connect, drag, saved, step, wrong } from "./canvas";
import { expect, test } from "./console";
import { mailOf, make, type Person, somebody, tell, unique, until, urlOf } from "./installation";

const PRODUCT = "https://shop.example.com/products/x";

test("a marketer draws the story, publishes it, watches the numbers, and asks why", async ({
  admin: page,
}) => {
  const campaign = unique("hot-leads-of-canada");
  const names = { segment: unique("hot-leads"), plan: unique("plan") };
  const messages = await prepare(names);
  const [ada, ben] = [somebody("Ada"), somebody("Ben")];
  await tell((sdk) => sdk.identify({ userId: ada.userId, traits: traits(ada, names.plan) }));

  await test.step("draws it by dragging and connecting", async () => {
    await begin(page, campaign);
    await drawAll(page);
    await fillAll(page, names.segment, messages);
    await page.getByRole("button", { name: "Lay out" }).click();
    await saved(page);
    await expect(page.locator(".react-flow__node [data-wrong=true]")).toHaveCount(0);
  });

  await test.step("is told what will happen, and publishes it", async () => {
    await page.getByRole("button", { name: "Publish…" }).click();
    const asked = page.getByRole("dialog");
    await expect(asked).toContainText(`1 in ${names.segment} enter now, and whoever joins it later`);
    await asked.getByRole("button", { name: "Publish", exact: true }).click();
    await expect(page.getByText("Version 1 is in force")).toBeVisible();
  });

  await test.step("sees contacts enter as they do things", async () => {
    await tell((sdk) => sdk.identify({ userId: ben.userId, traits: traits(ben, names.plan) }));
    await expect(page.getByText("2 entered · 2 under way · 0 done")).toBeVisible();
    await expect(step(page, "opened").getByText("2 here")).toBeVisible();
    await read(ada, messages.welcome);
    await expect(step(page, "wait").getByText("1 here")).toBeVisible();
    await expect(step(page, "opened").getByText("1 here")).toBeVisible();
    await expect(page.getByText("yes · 1")).toHaveCount(2);
  });

  await test.step("asks why Ada stands where she does", async () => {
    await step(page, "wait").click();
    const here = page.getByRole("region", { name: "Who is here" });
    await here.getByRole("link", { name: /Ada/ }).click();
    await expect(page.getByRole("heading", { name: "Journey" })).toBeVisible();
    await expect(page.getByText("Yes: the e-mail was opened on")).toBeVisible();
    await expect(page.getByText("Yes: a link was clicked on")).toBeVisible();
    await expect(page.getByText("At wait")).toBeVisible();
    await expect(page.getByText(/^Waits until/)).toBeVisible();
    await page.getByRole("link", { name: /Ada/ }).click();
    await expect(page.getByText("Opened", { exact: false }).first()).toBeVisible();
    await expect(page.getByText("Entered the campaign")).toBeVisible();
  });

  await test.step("takes it back", async () => {
    await page.goBack();
    await page.getByRole("link", { name: campaign }).first().click();
    await page.getByRole("button", { name: "Unpublish" }).click();
    await expect(page.getByText("paused", { exact: true })).toBeVisible();
  });
});

interface Messages {
  welcome: string;
  reminder: string;
  thanks: string;
  code: string;
}

async function prepare({ segment, plan }: { segment: string; plan: string }): Promise<Messages> {
  const messages = {
    welcome: unique("welcome"),
    reminder: unique("reminder"),
    thanks: unique("thanks"),
    code: unique("code"),
  };
  const rules = { match: "all", rules: [{ field: "plan", operator: "=", value: plan }] };
  await make("segments", `/segments/${segment}`, { name: "Hot leads", rules });
  const html = `<p>Hello {{ contact.first_name }}, look at <a href="${PRODUCT}">product X</a>.</p>`;
  for (const key of [messages.welcome, messages.reminder]) {
    const email = { name: key, channel: "email", subject: "Welcome", text: `Look at ${PRODUCT}`, html };
    await make("channels", `/templates/${key}`, email);
  }
  for (const key of [messages.thanks, messages.code]) {
    await make("channels", `/templates/${key}`, { name: key, channel: "sms", text: "Thanks for reading!" });
  }
  return messages;
}

function traits({ name, email, phone }: Person, plan: string) {
  return { email, phone, first_name: name, plan };
}

async function begin(page: Page, campaign: string): Promise<void> {
  await page.getByRole("button", { name: "New campaign" }).first().click();
  await page.getByRole("radio", { name: /Blank/ }).click();
  await page.getByRole("textbox", { name: "Name" }).fill(campaign);
  await page.getByRole("button", { name: "Draw it" }).click();
  await expect(page.getByTestId("canvas")).toBeVisible();
}

async function drawAll(page: Page): Promise<void> {
  for (let i = 0; i < 3; i++) await page.getByRole("button", { name: "Zoom Out" }).click();
  const canvas = page.getByTestId("canvas");
  await page
    .locator('.react-flow__node[data-id="source:0"]')
    .dragTo(canvas, { steps: 8, targetPosition: { x: 300, y: 80 } });
  const offers: [string, number, number][] = [
    ["Send e-mail", 300, 180],
    ["Opened the e-mail?", 180, 290],
    ["Clicked a link?", 440, 290],
    ["Send SMS", 120, 400],
    ["Send e-mail", 280, 400],
    ["Wait", 440, 400],
    ["Send SMS", 440, 510],
  ];
  for (const [offer, x, y] of offers) await drag(page, offer, { x, y });
  const lines: [string, string, string][] = [
    ["step:email", "next", "step:opened"],
    ["step:email", "next", "step:clicked"],
    ["step:opened", "yes", "step:sms"],
    ["step:opened", "no", "step:email-2"],
    ["step:clicked", "yes", "step:wait"],
    ["step:wait", "next", "step:sms-2"],
  ];
  for (const [from, exit, to] of lines) await connect(page, from, exit, to);
}

/** What each step needs, in the inspector; what is missing is said as long as it is. */
async function fillAll(page: Page, segment: string, messages: Messages): Promise<void> {
  await page.locator('.react-flow__node[data-id="source:0"]').click();
  await choose(page, "Segment", segment);
  await expect(wrong(page, "email")).toBeVisible(); // no template yet
  const templates = { email: messages.welcome, "email-2": messages.reminder };
  for (const [name, template] of [
    ...Object.entries(templates),
    ["sms", messages.thanks] as const,
    ["sms-2", messages.code] as const,
  ]) {
    await step(page, name).click();
    await choose(page, "Template", template);
  }
  await step(page, "wait").click();
  await page.getByRole("textbox", { name: "For", exact: true }).fill("4");
}

async function choose(page: Page, field: string, key: string): Promise<void> {
  const side = page.getByRole("complementary");
  const input = side.getByRole("textbox", { name: field }).or(side.getByRole("combobox", { name: field }));
  await input.fill(key);
  await page.getByRole("option", { name: key }).click();
  await expect(input).toHaveValue(key);
}

/** Opens the e-mail and clicks its link, as her mail program would. */
async function read(person: Person, template: string): Promise<void> {
  const html = await until("the e-mail", () => mailOf(person.email, template));
  const tracking = urlOf("tracking");
  const [pixel] = new RegExp(`${tracking}/o/[^"]+`).exec(html) ?? [];
  const [link] = new RegExp(`${tracking}/c/[^"]+`).exec(html) ?? [];
  if (!pixel || !link) throw new Error(`No pixel or link in ${html}`);
  const browser = { "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36" };
  for (const url of [pixel, link]) await fetch(url, { headers: browser, redirect: "manual" });
}
