import { defineConfig, type PlaywrightTestOptions } from "@playwright/test";
import type { WorldOptions } from "./support/world";

const phone = { viewport: { width: 360, height: 780 }, isMobile: true, hasTouch: true };
const desktop = { viewport: { width: 1280, height: 900 } };

/** Tests of how pages look and are gone through, from the calculator to the closing certificate. */
const LOOKED_AT = ["application.spec.ts", "journey.spec.ts", "loan.spec.ts", "look.spec.ts"];

type Use = Partial<PlaywrightTestOptions & WorldOptions>;
const inBrowser = (name: string, use: Use) => ({
  name,
  use,
  // Rules of accessibility and the way by keyboard are the same in each: the narrowest screen is the hardest. The staff's
  // pages are plain forms with or without scripts, and look at both widths themselves.
  testIgnore: ["api/**", "lenders/**", ...(name === "360-js" ? [] : ["a11y.spec.ts", "staff/**"])],
  // Such a test needs scripts and says so.
  grepInvert: use.javaScriptEnabled === false ? /@scripts/ : [],
});

export default defineConfig<WorldOptions>({
  testDir: "./tests",
  outputDir: "./artifacts/results",
  // Every test starts a server and a sandbox of its own. Much of a test is waiting, so two keep two processors busy.
  workers: Number(process.env.WORKERS ?? 2),
  forbidOnly: process.env.CI === "true",
  // A machine shared with others stalls now and then; what passes only at the second try is listed as flaky.
  retries: process.env.CI === "true" ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    locale: "ru-RU",
    timezoneId: "Europe/Moscow",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    inBrowser("360-js", phone),
    inBrowser("360-nojs", { ...phone, javaScriptEnabled: false }),
    // Both widths get the same pages, answers and scripts: on the wide one only what is looked at.
    { ...inBrowser("1280-js", desktop), testMatch: LOOKED_AT },
    { ...inBrowser("1280-nojs", { ...desktop, javaScriptEnabled: false }), testMatch: LOOKED_AT },
    // The whole journey once more on the other database.
    {
      ...inBrowser("1280-js-postgres", { ...desktop, database: "postgres" }),
      testMatch: "journey.spec.ts",
    },
    // What each lender's pages say, with its own file.
    { ...inBrowser("lenders", phone), testIgnore: [], testMatch: "lenders/**/*.spec.ts" },
    {
      ...inBrowser("lenders-nojs", { ...phone, javaScriptEnabled: false }),
      testIgnore: [],
      testMatch: "lenders/**/*.spec.ts",
    },
    // Plain HTTP, no page: once is enough.
    { name: "api", testMatch: "api/**/*.spec.ts" },
  ],
});
