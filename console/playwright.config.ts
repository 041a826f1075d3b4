import { defineConfig } from "@playwright/test";

// Run by `make test-browser`, which starts the services and the console and says where they are.
export default defineConfig({
  testDir: "e2e",
  outputDir: "e2e/results/failed",
  forbidOnly: true,
  workers: 1, // they share one installation, and a machine of two cores with it
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    ...(process.env["CONSOLE_URL"] ? { baseURL: process.env["CONSOLE_URL"] } : {}),
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    actionTimeout: 20_000,
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
});
