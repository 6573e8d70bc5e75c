// One world for all the tests of a lender's spec: what a lender's pages say needs no fresh database each time.
//
//   const test = ofLender("usoseda");
//   test("…", async ({ page, world }) => { … });
import { test as base, type Page } from "@playwright/test";
import { join, resolve } from "node:path";
import { Borrower, type Person } from "./borrower";
import { expect, startWorld, type World } from "./world";

export { expect };

const ARTIFACTS = resolve(__dirname, "../artifacts");

type Shared = { world: World };
type Fixtures = {
  shot: (page: Page, name: string) => Promise<void>;
  /** Somebody who uses this test's page, with scripts or without. */
  borrower: (who: Person) => Borrower;
};

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
    borrower: async ({ page, world, javaScriptEnabled }, use) =>
      use((who) => new Borrower(page, world, who, javaScriptEnabled ?? true)),
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

/** Waits on a payment's page until it has succeeded, with this sum if one is given. */
export async function paid(page: Page, kopecks?: number): Promise<void> {
  await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded", { timeout: 20_000 });
  if (kopecks !== undefined) await expect(page.locator("#payment")).toHaveAttribute("data-kopecks", String(kopecks));
}

/** «In minutes» by the business clock: not more than five since a moment. */
export async function inMinutes(world: World, since: Date): Promise<void> {
  expect((await world.sandbox.now()).getTime() - since.getTime()).toBeLessThan(5 * 60_000);
}

/** A day so many days after another. */
export function after(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Brings the business clock to noon in Moscow of a day; it never goes back. */
export async function noonOf(world: World, day: string): Promise<void> {
  await world.sandbox.call("POST", "/clock", { now: `${day}T09:00:00Z` });
}
