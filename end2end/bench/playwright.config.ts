// Measured, not tested: runs on demand (`make bench-web`), one thing at a time, on the release programs.
import { defineConfig } from "@playwright/test";
import base from "../playwright.config";

export default defineConfig({
  ...base,
  testDir: ".",
  outputDir: "../artifacts/bench-results",
  projects: [{ name: "bench" }],
  workers: 1,
  timeout: 7_200_000,
});
