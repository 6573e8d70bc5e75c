// Debt written off and a rate lowered: asked for on the loan's page by one of the staff, agreed to by another.
import { attribute, liveLoan } from "../../support/http";
import { enterAs } from "../../support/session";
import { atWork, hired, looked, openedByKeys } from "../../support/staff";
import { expect, test } from "../../support/world";

// Every page is looked at by axe in two themes.
test.setTimeout(300_000);

const WHY = "так решили после звонка клиента";

test("a rate is lowered and a debt is written off by two of the staff, the queue is worked to empty", async ({
  browser,
  page,
  world,
  shot,
}) => {
  const found: string[] = [];
  const { client, loan, phone } = await liveLoan(world, 1, { amount: 10_000, term: 30 });
  await world.sandbox.advanceDays(10);
  const cashier = await atWork(browser, world, await hired(world, "irina", "Ирина", "payments"));
  const chief = await atWork(browser, world, await hired(world, "pavel", "Павел", "chief"));
  const auditor = await atWork(browser, world, await hired(world, "anna", "Анна", "auditor"));

  await cashier.goto("/staff/people");
  await cashier.locator("#f-query").fill(phone);
  await cashier.locator("form:has(#f-query) button").click();
  await cashier.locator("#loans a").first().click();
  await cashier.locator("#ask-rate-cut summary").click();
  await cashier.locator("#ratecut [name=rate]").fill("0,9");
  await cashier.locator("#ratecut-note").fill(WHY);
  await cashier.locator("#ratecut select").selectOption("goodwill");
  await cashier.locator("#ratecut button").click();
  await expect(cashier.locator("#f-rate-error")).toContainText("поднять её закон не даёт");
  await expect(cashier.locator("#ratecut-note")).toHaveValue(WHY);
  await cashier.locator("#ratecut [name=rate]").fill("0,5");
  // Both forms are open: a transition inside a closed one never ends.
  await cashier.locator("#ask-write-off summary").click();
  found.push(...(await looked(cashier, shot, "adjustment-ask-rate")));
  await cashier.locator("#ratecut button").click();
  await expect(cashier.locator("#adjustment")).toHaveAttribute("data-status", "waiting");
  await expect(cashier.locator("#own")).toBeVisible();
  const own = await cashier.evaluate(async () => (await fetch(`${location.pathname}/approve`, { method: "POST" })).status);
  expect(own).toBe(403);

  await cashier.locator("#adjustment a[href*='/loans/']").click();
  await cashier.locator("#ask-write-off summary").click();
  await cashier.locator("#writeoff [name=interest]").fill("9 000");
  await cashier.locator("#writeoff select").selectOption("court");
  await cashier.locator("#writeoff-note").fill(WHY);
  await cashier.locator("#writeoff button").click();
  await expect(cashier.locator("#f-interest-error")).toContainText("800,00");
  await expect(cashier.locator("#writeoff-evidence-error")).toContainText("номер и дата");
  await cashier.locator("#writeoff-evidence").fill("Решение суда № 2-118 от 03.11.2026");
  await cashier.locator("#writeoff [name=interest]").fill("500");
  await cashier.locator("#ask-rate-cut summary").click();
  found.push(...(await looked(cashier, shot, "adjustment-ask-debt")));
  await cashier.locator("#writeoff button").click();
  await expect(cashier.locator("#adjustment")).toHaveAttribute("data-status", "waiting");
  found.push(...(await looked(cashier, shot, "adjustment-own")));

  // Whoever audits reads and has no button.
  await auditor.goto("/staff/adjustments");
  await expect(auditor.locator("[data-queue] tbody tr")).toHaveCount(2);
  await auditor.locator("[data-queue] a").first().click();
  await expect(auditor.locator("#adjustment")).toContainText("0,5 % в день вместо 0,8 % в день");
  await expect(auditor.locator("main form[method=post]")).toHaveCount(0);

  await chief.goto("/staff/adjustments?show=rate_cut");
  await expect(chief.locator("[data-queue] tbody tr")).toHaveCount(1);
  await chief.goto("/staff/adjustments");
  found.push(...(await looked(chief, shot, "adjustments")));
  for (let left = 2; left > 0; left--) {
    await expect(chief.locator("[data-queue] tbody tr")).toHaveCount(left);
    await openedByKeys(chief);
    await expect(chief.locator("#adjustment")).toHaveAttribute("data-status", "waiting");
    found.push(...(await looked(chief, shot, `adjustment-${left}`)));
    await chief.locator("#approve button").click();
    await expect(chief.locator(".toast")).toContainText("Сделано");
  }
  await expect(chief.locator("#empty")).toBeVisible();

  // Messages are sent side by side: either may come first.
  const told = async () => (await world.sandbox.messages(phone)).map((message) => message.text).join("\n");
  await expect.poll(told).toMatch(/0,5\s% в день вместо 0,8\s% в день/);
  await expect.poll(told).toMatch(/списали 500,00\s₽ вашего долга/);
  await enterAs(page, client);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#forgiven")).toContainText("может считаться доходом");
  await expect(page.locator("#lowered")).toContainText("0,5 % в день");
  await expect(page.locator("#operations tr[data-kind=write_off]")).toHaveAttribute("data-kopecks", "50000");
  found.push(...(await looked(page, shot, "adjustment-loan")));

  // The whole rest: the loan is closed, and says by what.
  await cashier.goto(chief.url());
  await cashier.goto("/staff/people");
  await cashier.locator("#f-query").fill(phone);
  await cashier.locator("form:has(#f-query) button").click();
  await cashier.locator("#loans a").first().click();
  await cashier.locator("#ask-write-off summary").click();
  await cashier.locator("#f-whole").check();
  await cashier.locator("#writeoff select").selectOption("our_error");
  await cashier.locator("#writeoff-note").fill(WHY);
  await cashier.locator("#writeoff button").click();
  await chief.goto("/staff/adjustments");
  await chief.locator("[data-queue] a").click();
  await expect(chief.locator("#adjustment")).toContainText("Займ закроется");
  await chief.locator("#approve button").click();
  await expect(chief.locator("#empty")).toBeVisible();
  expect(attribute(await client.page(`/loans/${loan}`), "closed", "data-status")).toBe("closed");
  await page.goto(`/loans/${loan}`);
  found.push(...(await looked(page, shot, "adjustment-closed")));
  await page.goto(`/loans/${loan}/certificate`);
  await expect(page.locator("main")).toContainText("простил долг");
  expect(found).toEqual([]);
});
