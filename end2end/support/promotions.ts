// Where a promotion of a lender's file stands by the clock of a world: the files end some day, the tests do not.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import type { Locator, Page } from "@playwright/test";

import { expect } from "./world";
import type { World } from "./world";

const MONTHS = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(" ");

export interface Promotion {
  /** Its first day as the page writes it: «1 декабря 2027». */
  from: string;
  /** The section of `/offers` it stands in; none once it is over. */
  section: "current" | "future" | undefined;
}

/** A promotion of `lenders/{lender}.toml` on the world's day. */
export async function promotion(world: World, lender: string, code: string): Promise<Promotion> {
  const text = readFileSync(resolve(__dirname, `../../lenders/${lender}.toml`), "utf8");
  const table = text.split("[[promotions]]").find((it) => it.includes(`code = "${code}"`)) ?? "";
  const day = (key: string): string => {
    const [, found] = new RegExp(`^${key} = (\\d{4}-\\d{2}-\\d{2})$`, "m").exec(table) ?? [];
    if (found === undefined) throw new Error(`${lender}: ${code} has no ${key}`);
    return found;
  };
  const [from, until] = [day("from"), day("until")];
  const moscow = new Date((await world.sandbox.now()).getTime() + 3 * 3_600_000);
  const today = moscow.toISOString().slice(0, 10);
  const [year, month, date] = from.split("-").map(Number) as [number, number, number];
  const section = today < from ? "future" : today <= until ? "current" : undefined;
  return { from: `${date} ${MONTHS[month - 1]} ${year}`, section };
}

/** Its card where the day puts it; nothing once it is over, which is looked at as well. */
export async function promotionCard(page: Page, world: World, lender: string, code: string): Promise<Locator | undefined> {
  const { section } = await promotion(world, lender, code);
  const card = page.locator(`[data-offer=${code}]`);
  if (section === undefined) {
    await expect(card).toHaveCount(0);
    return undefined;
  }
  return page.locator(`#${section} [data-offer=${code}]`);
}
