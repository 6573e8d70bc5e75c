// The gallery is looked at, not tested: it runs on demand (`make gallery`) and fails only when a page can't be shown.
import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

export default defineConfig({
  ...base,
  testDir: ".",
  outputDir: "../artifacts/gallery-results",
  projects: [{ name: "gallery" }],
  timeout: 1_200_000,
});
