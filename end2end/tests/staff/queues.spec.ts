// Queues of disputes and closures: each worked to empty by those it is for, and by two where a debt changes.
import { liveLoan, repaid } from "../../support/http";
import { receipt } from "../../support/picture";
import { enterAs } from "../../support/session";
import { atWork, hired, looked } from "../../support/staff";
import { expect, test } from "../../support/world";

// Every page is looked at by axe in two themes.
test.setTimeout(300_000);

test("a disputed debt and a cabinet to be closed are worked to empty; evidence is a picture opened with a reason", async ({
  browser,
  page,
  world,
  shot,
}) => {
  const found: string[] = [];
  const disputing = await liveLoan(world, 1, { amount: 10_000, term: 30 });
  const leaving = await liveLoan(world, 2, { amount: 10_000, term: 30 });
  await world.sandbox.advanceDays(3);
  await repaid(leaving);
  await disputing.client.done("request/appeal", { kind: "debt", loan: disputing.loan, text: "Первый день посчитали дважды" });
  await enterAs(page, leaving.client);
  await page.goto("/closing");
  await page.locator("main form [type=checkbox]").check();
  await page.locator("main form button[type=submit]").first().click();

  const first = await atWork(browser, world, await hired(world, "olga", "Ольга", "support"));
  const second = await atWork(browser, world, await hired(world, "pavel", "Павел", "chief"));

  await test.step("the dispute: two people, and a picture that proves it", async () => {
    await first.goto("/staff/appeals?show=debt");
    await first.locator("[data-queue] a").click();
    const appeal = first.url();
    const file = { name: "расчёт.png", mimeType: "image/png", buffer: receipt() };
    await first.locator("#add-paper [type=file]").setInputFiles({ ...file, buffer: Buffer.from("%PDF-1.7") });
    await first.locator("#add-paper button").click();
    await expect(first.locator("#f-file-error")).toBeVisible();
    await first.locator("#add-paper [type=file]").setInputFiles(file);
    await first.locator("#add-paper button").click();
    await expect(first.locator("#staff-papers")).toHaveAttribute("data-count", "1");
    await expect(first.locator("#staff-papers [data-paper]")).toHaveCount(0);
    await first.locator("#f-why").fill("сверяем расчёт процентов");
    await first.locator("#open button").click();
    found.push(...(await looked(first, shot, "dispute")));
    const href = (await first.locator("#staff-papers [data-paper]").getAttribute("href")) ?? "";
    expect(await first.evaluate(async (at) => (await fetch(at)).headers.get("content-type"), href)).toBe("image/jpeg");
    expect(await second.evaluate(async (at) => (await fetch(at)).status, href)).toBe(422);
    await first.locator("#take button").click();
    await first.locator("#answer textarea").fill("Проверили: проценты посчитаны за каждый день один раз.");
    await first.locator("#answer button").click();
    await second.goto(appeal);
    await second.locator("#f-why").fill("второе слово по долгу");
    await second.locator("#open button").click();
    await second.locator("#approve button").click();
    await expect(second.locator("#empty")).toBeVisible();
    const diary = await disputing.client.page("/diary");
    expect(diary).toContain("staff_paper_seen");
    expect(diary).toContain("сверяем расчёт процентов");
  });

  await test.step("the closure: read, checked, agreed to by another", async () => {
    await first.goto("/staff/requests");
    await expect(first.locator("[data-queue] tbody tr")).toHaveCount(1);
    await first.locator("[data-queue] a").click();
    const request = first.url();
    await first.locator("#f-why").fill("клиент закрывает кабинет");
    await first.locator("#open button").click();
    for (const box of await first.locator("#check [type=checkbox]").all()) await box.check();
    found.push(...(await looked(first, shot, "closure")));
    await first.locator("#check button").click();
    await expect(first.locator("#request")).toHaveAttribute("data-state", "checked");
    await second.goto(request);
    await second.locator("#f-why").fill("второе слово о закрытии");
    await second.locator("#open button").click();
    await second.locator("#approve button").click();
    await expect(second.locator("#empty")).toBeVisible();
  });

  await test.step("the menu of a phone is one line that opens", async () => {
    await second.setViewportSize({ width: 360, height: 780 });
    await second.goto("/staff");
    await expect(second.locator(".menu.folded nav")).toBeHidden();
    await shot(second, "menu-folded");
    await second.locator(".menu.folded summary").click();
    await expect(second.locator(".menu.folded nav a").first()).toBeVisible();
    await shot(second, "menu-open");
    found.push(...(await looked(second, shot, "menu")));
  });
  expect(found).toEqual([]);
});
