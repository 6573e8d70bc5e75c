// The real program under load, killed and starved; scripts/chaos.sh runs it. Not a part of the browser's tests: it takes
// minutes, and nothing here is a page.
import { defineConfig } from "@playwright/test";
import type { WorldOptions } from "../support/world";

export default defineConfig<WorldOptions>({
  testDir: ".",
  outputDir: "../artifacts/chaos",
  workers: 1,
  forbidOnly: process.env.CI === "true",
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
});
