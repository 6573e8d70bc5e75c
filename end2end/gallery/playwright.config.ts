// The gallery is looked at, not tested: it runs on demand (`make gallery`) and fails only when a page can't be shown.
import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

export default defineConfig({
  ...base,
  testDir: ".",
  outputDir: "../artifacts/gallery-results",
  projects: [{ name: "gallery" }],
  timeout: 1_200_000,
  // What does not come is said soon, not after all of that.
  use: { ...base.use, actionTimeout: 30_000, navigationTimeout: 30_000 },
});
