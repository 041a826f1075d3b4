/** A browser that is in, and that notes whatever must not happen in it. */
import { test as base, expect, type Page } from "@playwright/test";
import { ask, unique } from "./installation";

export type Role = "viewer" | "editor" | "publisher" | "admin";

interface Fixtures {
  /** A page of an admin. */
  admin: Page;
  /** A page that is not in yet. */
  stranger: Page;
}

export const test = base.extend<Fixtures>({
  stranger: async ({ page }, give) => {
    const noted = watch(page);
    await give(page);
    expect(noted, "what must never happen in the console").toEqual([]);
  },
  admin: async ({ stranger }, give) => {
    await stranger.goto(await loginLink());
    await expect(stranger.getByRole("heading", { name: "Campaigns" })).toBeVisible();
    await give(stranger);
  },
});

export { expect };

/** Dialogs, scripts that break, and whatever the content security policy had to stop. */
export function watch(page: Page): string[] {
  const noted: string[] = [];
  page.on("dialog", (dialog) => {
    noted.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("pageerror", (error) => noted.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) noted.push(message.text());
  });
  return noted;
}

/** A one-time link for an admin of its own: another link for the same one would put it out of use. */
export async function loginLink(): Promise<string> {
  const email = `${unique("admin")}@example.com`;
  const { token } = await ask<{ token: string }>("POST", "campaigns", "/people/login-link", { email });
  return `/login#${token}`;
}

/** An invitation for somebody new. */
export async function invitation(email: string, role: Role): Promise<string> {
  const { token } = await ask<{ token: string }>("POST", "campaigns", "/people", {
    email,
    name: email,
    role,
  });
  return `/invite#${token}`;
}
