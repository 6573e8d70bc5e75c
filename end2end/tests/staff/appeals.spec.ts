// What borrowers write: asked in the cabinet, worked to empty by the staff, answered by a letter.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attribute, liveLoan } from "../../support/http";
import { receipt } from "../../support/picture";
import { enterAs } from "../../support/session";
import { atWork, hired, looked } from "../../support/staff";
import { expect, test } from "../../support/world";

// Every page is looked at by axe in two themes.
test.setTimeout(300_000);

const day = (now: Date, back: number) => {
  // The business clock is Moscow's.
  const date = new Date(now.getTime() + 3 * 3_600_000 - back * 86_400_000);
  return date.toISOString().slice(0, 10).split("-").reverse().join(".");
};

test("a payment that is not found, a complaint and holidays: asked, worked to empty, answered by a letter; reports", async ({
  browser,
  page,
  world,
  shot,
}) => {
  const found: string[] = [];
  const { client, loan, phone } = await liveLoan(world, 1, { amount: 10_000, term: 30 });
  await world.sandbox.advanceDays(35);
  const late = await client.page(`/loans/${loan}`);
  expect(attribute(late, "loan", "data-status")).toBe("overdue");

  // The borrower's own pages, with the browser's cookies of the same sign-in.
  await enterAs(page, client);
  await page.goto("/appeals/new/payment");
  await page.locator("#f-text").fill("Заплатил через банк <b>вчера</b> & жду");
  await page.locator("#write button").click();
  // What was typed stays, as it was typed, and each wrong field says what to do.
  await expect(page.locator("#f-amount-error")).toContainText("сумму");
  await expect(page.locator("#f-text")).toHaveValue("Заплатил через банк <b>вчера</b> & жду");
  found.push(...(await looked(page, shot, "ask")));
  await page.locator("#f-amount").fill("4 000");
  await page.locator("#f-paid_on").fill(day(await world.sandbox.now(), 2));
  await page.locator("#write button").click();
  await expect(page).toHaveURL(/\/appeals\/[0-9a-f-]{36}$/);
  const appeal = page.url();
  await expect(page.locator("#penalty")).toHaveCount(0);
  await expect(page.locator("[data-due]")).toContainText("Ответим до");
  await page.locator("#f-file").setInputFiles({ name: "чек.png", mimeType: "image/png", buffer: receipt() });
  await page.locator("#upload button").click();
  await expect(page.locator("#penalty")).toHaveAttribute("data-paused", "true");
  found.push(...(await looked(page, shot, "paused")));
  await client.done("request/appeal", { kind: "complaint", cause: "contacts", text: "Звонят дважды в день" });
  await client.done("request/appeal", { kind: "holidays", loan, months: "2", ground: "emergency", text: "Затопило дом весной" });

  const first = await atWork(browser, world, await hired(world, "olga", "Ольга", "support"));
  const second = await atWork(browser, world, await hired(world, "pavel", "Павел", "chief"));
  await first.goto("/staff/appeals");
  await expect(first.locator("[data-queue] tbody tr")).toHaveCount(3);
  await first.goto("/staff/appeals?show=payment");
  await expect(first.locator("[data-queue] tbody tr")).toHaveCount(1);
  await first.locator("[data-queue] a").click();
  await expect(first.locator("#inside")).toHaveCount(0);
  await first.locator("#f-why").fill("ищем платёж клиента");
  await first.locator("#open button").click();
  await expect(first.locator("#inside")).toContainText("<b>вчера</b>");
  const picture = await first.locator("#inside a[href*=pictures]").getAttribute("href");
  expect(await first.evaluate(async (href) => (await fetch(href)).headers.get("content-type"), picture ?? "")).toBe("image/jpeg");
  await first.locator("#take button").click();
  found.push(...(await looked(first, shot, "payment")));
  await first.locator("#longer").locator("xpath=..").locator("summary").click();
  await first.locator("#f-longer").fill("ждём ответа банка о платеже");
  await first.locator("#longer button").click();
  await page.goto(appeal);
  await expect(page.locator("#longer")).toContainText("ждём ответа банка");
  await first.locator("#refuse").locator("xpath=..").locator("summary").click();
  await first.locator("#f-why").fill("Банк ответил: такого перевода не было.");
  await first.locator("#refuse button").click();
  await page.goto(appeal);
  await expect(page.locator("#appeal")).toHaveAttribute("data-state", "refused");
  await expect(page.locator("#penalty")).toHaveAttribute("data-paused", "false");
  await expect(page.locator("#answer")).toContainText("такого перевода не было");
  // Answered: nobody needs more time any more.
  await expect(page.locator("#longer")).toHaveCount(0);
  found.push(...(await looked(page, shot, "refused")));
  const letter = await client.get((await page.locator("#letter").getAttribute("href")) ?? "");
  expect([letter.status, letter.body.slice(0, 5)]).toEqual([200, "%PDF-"]);
  expect(await client.page("/diary")).toContain("ищем платёж клиента");

  // Holidays change the debt: the one who proposes them can't give them.
  await first.goto("/staff/appeals?show=holidays");
  await first.locator("[data-queue] a").click();
  await first.locator("#f-why").fill("рассматриваем каникулы");
  await first.locator("#open button").click();
  // The loan is late already: its last day does not move, and the page says so.
  await expect(first.locator("#inside")).toContainText("прошёл и не сдвинется");
  await first.locator("#take button").click();
  await first.locator("#f-answer").fill("Даём каникулы на два месяца.");
  await first.locator("#answer button").click();
  await first.goto("/staff/appeals?show=proposed");
  await first.locator("[data-queue] a").click();
  await expect(first.locator("#own")).toBeVisible();
  const holidays = first.url();
  const own = await first.request.post(`${holidays}/approve`, { form: { form: "approve" }, headers: { origin: world.url } });
  expect(own.ok()).toBe(false);
  await first.goto(holidays);
  await expect(first.locator("#appeal")).toHaveAttribute("data-state", "proposed");
  await second.goto(holidays);
  await second.locator("#f-why").fill("второе слово о каникулах");
  await second.locator("#open button").click();
  found.push(...(await looked(second, shot, "second")));
  await second.locator("#approve button").click();
  expect(await client.page(`/loans/${loan}`)).toContain("Кредитные каникулы");

  // A breach of the clock stands out, and the complaint is the last of the queue.
  await world.sandbox.advanceDays(40);
  await first.goto("/staff/appeals");
  await expect(first.locator("[data-queue] tr[data-status=late]")).toHaveCount(1);
  await expect(first.locator("[data-queue] tr[data-status=late]")).toContainText(/просрочен на \d+ рабоч/);
  found.push(...(await looked(first, shot, "queue")));
  await second.goto("/staff/reports");
  await expect(second.locator("#causes [data-status=contacts]")).toContainText("1");
  for (const id of ["portfolio", "days", "burden", "causes", "books"]) {
    await expect(second.locator(`#${id}`)).toBeVisible();
  }
  found.push(...(await looked(second, shot, "reports")));
  // Nothing moved yesterday: equal to the kopeck. A bank line of today that nobody matched is named with its sum.
  await expect(second.locator("#reconciled")).toHaveAttribute("data-agrees", "true");
  await expect(second.locator("#reconciled")).toContainText("разница 0,00 ₽, всё сошлось");
  await expect(second.locator("#sides tbody tr")).toHaveCount(3);
  const now = await world.sandbox.now();
  const line = [
    "СекцияДокумент=Платежное поручение",
    "Номер=417",
    "Сумма=77.00",
    `ДатаПоступило=${day(now, 0)}`,
    "ПлательщикСчет=40817810000000000007",
    "Плательщик1=Иванова Анна",
    "ПолучательСчет=40701810500000000001",
    "НазначениеПлатежа=Оплата по счёту 12",
    "КонецДокумента",
  ];
  const statement = join(mkdtempSync(join(tmpdir(), "statement-")), "kl_to_1c.txt");
  writeFileSync(statement, ["1CClientBankExchange", "РасчСчет=40701810500000000001", ...line, "КонецФайла"].join("\r\n"));
  expect((await world.kopeck("import", "statement", statement)).output).toContain("unmatched: 1");
  await second.locator("#f-day").fill(new Date(now.getTime() + 3 * 3_600_000).toISOString().slice(0, 10));
  await second.locator("#books button").click();
  await expect(second.locator("#reconciled")).toHaveAttribute("data-agrees", "false");
  await expect(second.locator("#reconciled")).toHaveAttribute("data-kopecks", "7700");
  await expect(second.locator("#items tbody tr")).toHaveCount(1);
  await expect(second.locator("#items tbody tr")).toContainText("Документ № 417, не зачислен");
  await expect(second.locator("#items tbody tr")).toContainText("77,00");
  const books = (await second.locator("#books a[href*='.csv']").getAttribute("href")) ?? "";
  const named = await second.evaluate(async (path) => (await fetch(path)).text(), books);
  expect(named).toMatch(/\nДокумент № 417, не зачислен;[^;]*;;;77\.00;77\.00\n/);
  found.push(...(await looked(second, shot, "books")));
  await second.goto("/staff/reports?day=2999-01-01");
  await expect(second.locator("#f-day-error")).toContainText("не позже сегодняшнего");
  await expect(second.locator("#f-day")).toHaveValue("2999-01-01");
  await expect(second.locator("#reconciled")).toHaveCount(0);
  for (const file of ["portfolio", "days", "burden", "causes", "promotions", "books"]) {
    const csv = await second.evaluate(async (name) => (await fetch(`/staff/reports/${name}.csv`)).text(), file);
    expect(csv.split("\n").length, file).toBeGreaterThan(2);
    // Nothing a spreadsheet would run.
    expect(csv.split(/[;\n]/).filter((cell) => /^"?[=+\-@\t]/.test(cell)), file).toEqual([]);
  }
  await first.locator("[data-queue] a").click();
  await first.locator("#f-why").fill("отвечаем на жалобу");
  await first.locator("#open button").click();
  await first.locator("#take button").click();
  await first.locator("#f-answer").fill("Извините, так не должно быть: звонков больше не будет.");
  await first.locator("#answer button").click();
  await expect(first.locator("#empty")).toBeVisible();
  await page.goto("/appeals");
  found.push(...(await looked(page, shot, "list")));

  // Another passport: the number is told, the cabinet reads and pays meanwhile, two people and a day between.
  await page.goto("/appeals/new/passport");
  await expect(page.locator("#passport-rules")).toContainText("24 ч");
  found.push(...(await looked(page, shot, "passport-ask")));
  const passport = { passport: "4512 654321", passport_code: "770-002", passport_issuer: "ГУ МВД России по г. Москве", passport_date: "20.06.2020" };
  for (const [name, text] of Object.entries(passport)) await page.locator(`#f-${name}`).fill(text);
  await page.locator("#write button").click();
  await expect(page.locator("#appeal")).toHaveAttribute("data-state", "open");
  await world.sandbox.next(phone, /сменить паспорт/);
  await page.goto("/hold");
  await expect(page.locator("#passport-asked")).toBeVisible();
  found.push(...(await looked(page, shot, "passport-hold")));
  await first.goto("/staff/appeals?show=passport");
  await first.locator("[data-queue] a").click();
  await first.locator("#f-why").fill("сверяем новый паспорт");
  await first.locator("#open button").click();
  await first.locator("#take button").click();
  await first.locator("#f-passport").check();
  await first.locator("#f-answer").fill("Паспорт сверили, записали.");
  found.push(...(await looked(first, shot, "passport-check")));
  await first.locator("#answer button").click();
  await second.goto("/staff/appeals?show=proposed");
  await second.locator("[data-queue] a").click();
  const proposed = second.url();
  await second.locator("#f-why").fill("второе слово о паспорте");
  await second.locator("#open button").click();
  await expect(second.locator("#not-before")).toContainText("Согласовать можно с");
  await expect(second.locator("#approve")).toHaveCount(0);
  found.push(...(await looked(second, shot, "passport-wait")));
  await world.sandbox.advanceDays(1);
  await second.goto(proposed);
  await second.locator("#f-why").fill("второе слово о паспорте");
  await second.locator("#open button").click();
  await second.locator("#approve button").click();
  await expect(second.locator("#empty")).toBeVisible();
  expect((await client.get("/hold")).location).toBe("/cabinet");
  expect(found).toEqual([]);
});
