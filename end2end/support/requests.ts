// What happens to a borrower's request at the lender's: two of the staff look into it, one after the other.
import { expect, type Browser } from "@playwright/test";
import type { Borrower } from "./borrower";
import { atWork, hired } from "./staff";
import type { World } from "./world";

/** One of the staff compares what the lender's file asks for (`evidence`), another lets it happen. */
export async function twoAgree(browser: Browser, world: World, evidence: string[]): Promise<void> {
  const names = ["one", "two"].map((name) => `${name}${Date.now().toString(36)}`) as [string, string];
  const first = await atWork(browser, world, await hired(world, names[0], "Ольга", "support"));
  await first.goto("/staff/requests");
  await first.locator("[data-queue] tbody a").first().click();
  await expect(first.locator("#request")).toHaveAttribute("data-state", "open");
  await first.locator("#f-why").fill("клиент написал, сверяю данные");
  await first.locator("#open button").click();
  const asked = await first.locator("#check input[type=checkbox]").evaluateAll((boxes) => boxes.map(({ id }) => id.slice(2)));
  expect(asked.sort()).toEqual([...evidence].sort());
  for (const item of evidence) await first.locator(`#check #f-${item}`).check();
  await first.locator("#check button").click();
  await expect(first.locator("#request")).toHaveAttribute("data-state", "checked");
  await first.context().close();
  const second = await atWork(browser, world, await hired(world, names[1], "Павел", "chief"));
  await second.goto("/staff/requests?show=checked");
  await second.locator("[data-queue] tbody a").first().click();
  await second.locator("#f-why").fill("второе слово по этой просьбе");
  await second.locator("#open button").click();
  await second.locator("#approve button").click();
  await expect(second.locator(".toast")).toContainText("Одобрено");
  await second.context().close();
}

/** «My number has changed», asked by somebody who can't sign in: the old number, the new one, who they are. */
export async function askedFromOutside(b: Borrower, number: string): Promise<void> {
  const { page, who, world } = b;
  await page.goto("/login");
  await page.locator("#phone-changed").click();
  await page.locator("#f-old_phone").fill(who.phone);
  await page.locator("#f-phone").fill(number);
  await page.locator("#f-passport").fill(who.passport);
  await page.locator("#f-birth_date").fill(who.birthDate);
  await b.send("old_phone");
  await page.locator("#f-code").fill(await world.sandbox.sms(number.slice(1)));
  await b.send("code");
  await expect(page.locator("#request")).toHaveAttribute("data-state", "open");
}

/** The day in which the old number may object is over, and its owner comes in by the new one on a new device. */
export async function comesInBy(b: Borrower, number: string): Promise<void> {
  const { page, world } = b;
  await world.sandbox.advanceSeconds(24 * 3600 + 60);
  await world.sandbox.next(b.phoneDigits, /к другому номеру/);
  await page.context().clearCookies();
  await page.goto("/login");
  await page.locator("#f-phone").fill(number);
  await b.send("phone");
  await page.locator("#f-code").fill(await world.sandbox.sms(number.slice(1)));
  await b.send("code");
  await b.prove();
}
