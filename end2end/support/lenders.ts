// One world for all the tests of a lender's spec: what a lender's pages say needs no fresh database each time.
//
//   const test = ofLender("usoseda");
//   test("…", async ({ page, world }) => { … });
import { test as base, type Page } from "@playwright/test";
import { join, resolve } from "node:path";
import { startWorld, type World } from "./world";

export { expect } from "./world";

const ARTIFACTS = resolve(__dirname, "../artifacts");

type Shared = { world: World };
type Fixtures = { shot: (page: Page, name: string) => Promise<void> };

export function ofLender(lender: string, more: { identity?: boolean } = {}) {
  return base.extend<Fixtures, Shared>({
    world: [
      async ({}, use, info) => {
        const logs = join(ARTIFACTS, "logs", info.project.name, `${lender}-${info.workerIndex}`);
        const world = await startWorld({ lender, database: "sqlite", logs, ...more });
        await use(world);
        await world.stop();
      },
      { scope: "worker" },
    ],
    baseURL: async ({ world }, use) => use(world.url),
    shot: async ({}, use, info) => {
      await use(async (page, name) => {
        const path = join(ARTIFACTS, "screens/lenders", info.project.name, `${lender}-${name}.png`);
        await page.screenshot({ path, fullPage: true, animations: "disabled" });
      });
    },
  });
}

/** The calculator with a choice. */
export function choice(product: string, amount: number, term: number): string {
  return `/?product=${product}&amount=${amount}&term=${term}`;
}

/** What the calculator says: kopecks to return, kopecks on top, the full cost in percent. */
export async function quoted(page: Page): Promise<{ total: number; overpayment: number; psk: string }> {
  const percent = await page.locator("#psk-percent").innerText();
  const kopecks = async (id: string) => Number(await page.locator(id).getAttribute("data-kopecks"));
  return {
    total: await kopecks("#total"),
    overpayment: await kopecks("#overpayment"),
    psk: percent.match(/\d+,\d{3}/)?.[0] ?? percent,
  };
}

/** Brings the business clock to noon in Moscow of a day; it never goes back. */
export async function noonOf(world: World, day: string): Promise<void> {
  await world.sandbox.call("POST", "/clock", { now: `${day}T09:00:00Z` });
}
