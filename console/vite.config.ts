import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// `npm run dev` beside `make up`: the page from here, everything else from the console that runs.
const running = process.env["CONSOLE_URL"] ?? "http://127.0.0.1:8100";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "canvass_console/dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 700,
    // The first with light-dark(): rewritten for older ones, it would not follow Mantine's colour scheme.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    modulePreload: { polyfill: false }, // it would be an inline script
  },
  server: { proxy: { "/api": running, "/config.json": running } },
  test: { environment: "happy-dom", testTimeout: 60_000, include: ["src/**/*.test.{ts,tsx}"] },
});
