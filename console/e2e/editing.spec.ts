import type { Page } from "@playwright/test";
import { saved, step, wrong } from "./canvas";
import { expect, test } from "./console";
import { ask, make, unique } from "./installation";

const DOCUMENT = {
  name: "Three in a row",
  sources: [{ event: "Bought" }],
  steps: {
    one: { do: "wait", for: "P1D", next: "two" },
    two: { do: "wait", for: "P2D", next: "three" },
    three: { do: "wait", for: "P3D", next: null },
  },
};

test.describe("two windows on one campaign", () => {
  test("whoever saves second sees the conflict, and may take theirs", async ({ admin: first }) => {
    const [second, key] = await bothOpen(first);
    await renamed(first, "As the first has it");
    await saved(first);
    await renamed(second, "As the second has it");
    await second.getByRole("alert").getByRole("button", { name: "Take theirs" }).click();
    await expect(second.getByLabel("Name of the campaign")).toHaveValue("As the first has it");
    await expect(second.getByRole("alert")).toHaveCount(0);
    expect(await nameOf(key)).toBe("As the first has it");
  });

  test("whoever saves second may put theirs in its place, and goes on", async ({ admin: first }) => {
    const [second, key] = await bothOpen(first);
    await renamed(first, "As the first has it");
    await saved(first);
    await renamed(second, "As the second has it");
    await second.getByRole("alert").getByRole("button", { name: "Keep mine" }).click();
    await saved(second);
    expect(await nameOf(key)).toBe("As the second has it");
    await renamed(second, "And on");
    await saved(second);
    expect(await nameOf(key)).toBe("And on");
  });
});

test("what is done by keyboard is undone and done again", async ({ admin: page }) => {
  const key = await opened(page);
  const nodes = page.locator(".react-flow__node");
  await step(page, "two").click();

  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(nodes).toHaveCount(5);
  await page.keyboard.press("Control+z");
  await expect(nodes).toHaveCount(4);
  await page.keyboard.press("Control+Shift+z");
  await expect(step(page, "two-2")).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(nodes).toHaveCount(4);

  await step(page, "two").click();
  await page.keyboard.press("Delete");
  await expect(nodes).toHaveCount(3);
  await saved(page);
  const kept = await ask<{ document: typeof DOCUMENT }>("GET", "campaigns", `/campaigns/${key}`);
  expect(kept.document.steps).toEqual({
    one: { do: "wait", for: "P1D", next: "three" },
    three: { do: "wait", for: "P3D", next: null },
  });
  await page.keyboard.press("Control+z");
  await expect(nodes).toHaveCount(4);
});

test("copies go from one campaign to another", async ({ admin: page }) => {
  await opened(page);
  await step(page, "one").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  const key = unique("empty");
  await make("campaigns", `/campaigns/${key}?incomplete=true`, { ...DOCUMENT, steps: {} });
  await page.goto(`/campaigns/${key}`);
  await page.getByTestId("canvas").click({ position: { x: 30, y: 30 } });
  await page.keyboard.press("Control+v");
  await expect(page.locator(".react-flow__node")).toHaveCount(4);
  await expect(page.locator(".react-flow__edge")).toHaveCount(3);
});

test("what is drawn is written as YAML, and what is written is drawn", async ({ admin: page }) => {
  await opened(page);
  await page.getByRole("button", { name: "As YAML" }).click();
  const yaml = page.getByRole("textbox", { name: "YAML" });
  await expect(yaml).toHaveValue(/two:\s+do: wait\s+for: P2D/);

  const written = await yaml.inputValue();
  await yaml.fill(
    written.replace("next: null", "next: four") + "  four:\n    do: wait\n    for: P4D\n    next: null\n",
  );
  await expect(step(page, "four")).toContainText("4 days");
  await expect(page.locator(".react-flow__edge")).toHaveCount(4);
  await saved(page);

  await yaml.fill("name: [");
  await expect(page.getByRole("status").getByText(/^Line \d/)).toBeVisible();
  await expect(step(page, "four")).toBeVisible();

  await page.getByLabel("Name of the campaign").fill("By another name");
  await expect(yaml).toHaveValue(/name: By another name/);
  await page.getByRole("button", { name: "Fit View" }).click();
  await step(page, "four").click();
  await page.keyboard.press("Delete");
  await expect(yaml).not.toHaveValue(/four/);
});

test("what is wrong is said on the step as one types, and the address says what is selected", async ({
  admin: page,
}) => {
  await opened(page);
  await step(page, "two").click();
  await expect(page).toHaveURL(/step=two/);
  await page.getByRole("textbox", { name: "For", exact: true }).fill("");
  await expect(wrong(page, "two")).toBeVisible();
  await page.getByRole("textbox", { name: "For", exact: true }).fill("5");
  await expect(wrong(page, "two")).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("region", { name: "Step two" })).toBeVisible();
  await expect(step(page, "two")).toContainText("5 days");
});

async function opened(page: Page): Promise<string> {
  const key = unique("row");
  await make("campaigns", `/campaigns/${key}`, DOCUMENT);
  await page.goto(`/campaigns/${key}`);
  await expect(page.locator(".react-flow__node")).toHaveCount(4);
  return key;
}

async function bothOpen(first: Page): Promise<[Page, string]> {
  const key = await opened(first);
  const second = await first.context().newPage();
  await second.goto(`/campaigns/${key}`);
  await expect(second.locator(".react-flow__node")).toHaveCount(4);
  return [second, key];
}

async function renamed(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name of the campaign").fill(name);
}

async function nameOf(key: string): Promise<string> {
  const kept = await ask<{ document: { name: string } }>("GET", "campaigns", `/campaigns/${key}`);
  return kept.document.name;
}
