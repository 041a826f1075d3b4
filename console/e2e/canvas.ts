/** What people do on the canvas, by mouse. */
import { expect, type Locator, type Page } from "@playwright/test";

export function node(page: Page, id: string): Locator {
  return page.locator(`.react-flow__node[data-id="${id}"]`);
}

export function step(page: Page, name: string): Locator {
  return node(page, `step:${name}`);
}

/** The same step, once something in it is wrong. */
export function wrong(page: Page, name: string): Locator {
  return step(page, name).locator('[data-wrong="true"]');
}

/** Drag an offer of the palette to a place of the canvas, in pixels from its upper left corner. */
export async function drag(page: Page, offer: string, to: { x: number; y: number }): Promise<void> {
  const nodes = page.locator(".react-flow__node");
  const before = await nodes.count();
  await page
    .getByRole("navigation", { name: "What can be put on the canvas" })
    .getByText(offer, { exact: true })
    .dragTo(page.getByTestId("canvas"), { targetPosition: to });
  await expect(nodes).toHaveCount(before + 1);
}

/** Draw a line from a way out of one node to another. */
export async function connect(page: Page, from: string, exit: string, to: string): Promise<void> {
  const lines = page.locator(".react-flow__edge");
  const before = await lines.count();
  const begin = await middle(node(page, from).locator(`.react-flow__handle[data-handleid="${exit}"]`));
  const end = await middle(node(page, to).locator(".react-flow__handle.target"));
  await page.mouse.move(begin.x, begin.y);
  await page.mouse.down();
  await page.mouse.move((begin.x + end.x) / 2, (begin.y + end.y) / 2, { steps: 4 });
  await page.mouse.move(end.x, end.y, { steps: 4 });
  await page.mouse.up();
  await expect(lines).toHaveCount(before + 1);
}

/** The draft is kept. */
export async function saved(page: Page): Promise<void> {
  await expect(page.getByRole("status").getByText("Saved", { exact: true })).toBeVisible();
}

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (!box) throw new Error("It is not to be seen.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
