// The loan's page: what is owed, why, what each way on costs.
import type { Page } from "@playwright/test";
import { expectFits } from "../support/fits";
import { liveLoan } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

async function kopecks(page: Page, selector: string, attribute = "data-kopecks"): Promise<number[]> {
  const all = await page.locator(selector).evaluateAll(
    (found, name) => found.map((element) => Number(element.getAttribute(name))),
    attribute,
  );
  expect(all.length, selector).toBeGreaterThan(0);
  return all;
}

const sum = (all: number[]) => all.reduce((total, one) => total + one, 0);

async function expectWhyAddsUp(page: Page): Promise<void> {
  const [debt] = await kopecks(page, "#debt");
  expect(sum(await kopecks(page, "#why td[data-kopecks]"))).toBe(debt);
  expect(await kopecks(page, "#why [data-total]", "data-total")).toEqual([debt]);
  expect(sum(await kopecks(page, "#parts [data-kopecks]"))).toBe(debt);
}

test("the debt today, on another day, and the ways on", async ({ page, world, shot }) => {
  const { client, loan } = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  await enterAs(page, client);
  await world.sandbox.advanceDays(10);
  await page.goto(`/loans/${loan}`);
  const debt = page.locator("#debt");

  await test.step("why this sum", async () => {
    await expect(debt).toHaveAttribute("data-kopecks", "2160000");
    await expect(page.locator("#why table")).toBeHidden();
    await page.locator("#why summary").click();
    await expect(page.locator("#why table")).toBeVisible();
    await expect(page.locator("#why")).toContainText("20 000,00 ₽ × 0,8 % × 10 дней");
    await expectWhyAddsUp(page);
    await expect(page.locator("#cap")).toHaveAttribute("data-accrued", "160000");
    await expect(page.locator("#cap")).toHaveAttribute("data-cap", "2000000");
    await expect(page.locator("#cap progress")).toHaveAttribute("value", "160000");
  });

  await test.step("the ways on: cheapest first, late last", async () => {
    const ways = page.locator("#fork [data-path]");
    const names = await ways.evaluateAll((all) => all.map((way) => way.getAttribute("data-path")));
    expect(names).toEqual(["pay_today", "pay_part", "pay_on_due", "prolong", "late"]);
    const totals = await kopecks(page, "#fork [data-path]");
    const timely = totals.slice(0, -1);
    expect(timely).toEqual(timely.toSorted((left, right) => left - right));
    // Today's figure is the debt; in time, twenty more days of 0.8 %; a half today leaves the other half's days.
    expect(timely.slice(0, 3)).toEqual([2_160_000, 2_332_800, 2_480_000]);
    await expect(page.locator("#fork :checked")).toHaveCount(0);
    await expect(page.locator("#fork [data-path=pay_today]")).toContainText("Сбережёте 3 200,00 ₽");
    // Each way with its total in roubles, and with the date it ends on.
    const due = (await page.locator("#due").getAttribute("data-date")) ?? "";
    const shown = (days: number) =>
      new Intl.DateTimeFormat("ru", { day: "numeric", month: "long", timeZone: "UTC" }).format(Date.parse(due) + days * 86_400_000);
    for (const [place, name] of names.entries()) {
      const roubles = ((totals[place] ?? 0) / 100).toFixed(2).replace(".", ",").replace(/(\d)(?=(\d{3})+,)/g, "$1 ");
      const way = (await ways.nth(place).innerText()).replace(/\s/g, " ");
      expect(way, name ?? "").toContain(`${roubles} ₽`);
    }
    const said = async (name: string) => (await page.locator(`#fork [data-path=${name}]`).innerText()).replace(/\s/g, " ");
    expect(await said("pay_part")).toContain(`до ${shown(0)} ещё`);
    expect(await said("pay_on_due")).toContain(`Погасить в срок, ${shown(0)}`);
    expect(await said("prolong")).toMatch(new RegExp(`Продлить на \\d+ (день|дня|дней), до ${shown(30)}`));
    // Being late is last, whatever its total, and says what it costs beyond money.
    expect(names.at(-1)).toBe("late");
    expect(await said("late")).toMatch(/^Опоздать на \d+ (день|дня|дней)/);
    expect(await said("late")).toMatch(/С пенями [\d ]+,\d\d ₽/);
    expect(await said("late")).toContain("останется в кредитной истории");
    await expect(page.locator("#fork [data-path=late] a")).toHaveCount(0);
    await expectFits(page);
    await shot(page, "tenth-day");
    await page.emulateMedia({ colorScheme: "dark" });
    await shot(page, "tenth-day-dark");
    await page.emulateMedia({ colorScheme: null });
  });

  await test.step("the timeline in order, what is to come last", async () => {
    const steps = page.locator("#timeline [data-step]");
    const codes = await steps.evaluateAll((all) => all.map((step) => step.getAttribute("data-step")));
    expect(codes).toEqual(["filed", "approved", "signed", "issued", "reported", "due"]);
  });

  await test.step("on another date", async () => {
    const today = await world.sandbox.now();
    const later = new Date(today.getTime() + 5 * 86_400_000).toISOString().slice(0, 10);
    await page.locator("details:has(#date-form) summary").click();
    await page.locator("#f-on").fill(later);
    await page.locator("#date-form button").click();
    await expect(page).toHaveURL(new RegExp(`on=${later}`));
    await expect(debt).toHaveAttribute("data-kopecks", "2240000");
    // A figure of another day is not one to pay today.
    await expect(page.locator("#payoff")).toHaveCount(0);
    await expectWhyAddsUp(page);
    await shot(page, "another-date");
  });

  await test.step("the day after the due date", async () => {
    await world.sandbox.advanceDays(20);
    await page.goto(`/loans/${loan}`);
    await expect(debt).toHaveAttribute("data-kopecks", "2480000");
    await expect(page.locator("#late")).toHaveCount(0);
    await world.sandbox.advanceDays(1);
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#late")).toHaveAttribute("data-days", "1");
    await expect(page.locator("#late")).toContainText("Платёж опаздывает на 1 день");
    // One more day of 0.8 %, and a day of 20 % a year of the principal.
    await expect(debt).toHaveAttribute("data-kopecks", String(2_480_000 + 16_000 + Math.round((2_000_000 * 20) / 36_500)));
    await page.locator("#why summary").click();
    await expect(page.locator("#why")).toContainText("Пени: 20 000,00 ₽ × 20 % годовых × 1 день");
    await expectWhyAddsUp(page);
    await expectFits(page);
    await shot(page, "overdue");
  });

  await test.step("no more than the law lets", async () => {
    await world.sandbox.advanceDays(200);
    await page.goto(`/loans/${loan}`);
    await expect(debt).toHaveAttribute("data-kopecks", "4000000");
    await expect(page.locator("#cap")).toContainText("Больше не начисляем: долг не растёт");
    await expectWhyAddsUp(page);
    await shot(page, "at-the-cap");
  });
});

test("a loan in parts shows its schedule", async ({ page, world, shot }) => {
  const { client, loan } = await liveLoan(world, 1, { product: "long", amount: 30_000, term: 6 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}`);
  const rows = page.locator("#schedule tr[data-status]");
  await expect(rows).toHaveCount(6);
  const [next] = await kopecks(page, "#next-payment");
  const payments = await kopecks(page, "#schedule [data-kopecks]");
  expect(next).toBe(payments[0]);
  await expect(page.locator("#fork [data-path=pay_on_due]")).toHaveAttribute("data-kopecks", String(sum(payments)));
  await expect(rows.first()).toHaveAttribute("data-status", "due");
  await expectFits(page);
  await shot(page, "in-parts");
  await page.goto(`/loans/${loan}/pay?what=sum`);
  // Whoever pays in parts comes for the next one.
  const typed = await page.locator("#f-amount").inputValue();
  expect(Math.round(Number(typed.replace(/\s/g, "").replace(",", ".")) * 100)).toBe(next);
});
