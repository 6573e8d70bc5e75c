// The staff's workplace: a lost phone, queues worked to empty, four eyes, the log.
import { randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  approved,
  attribute,
  CARDS,
  Client,
  decided,
  type Known,
  liveLoan,
  onHostedPage,
  payPage,
  registered,
  signed,
  signIn,
  repaid,
} from "../../support/http";
import { receipt } from "../../support/picture";
import { enterAs } from "../../support/session";
import { atWork, hired, looked, openedByKeys } from "../../support/staff";
import { expect, test } from "../../support/world";

const NEW = "79005557788";

// Every page is looked at by axe in two themes.
test.setTimeout(300_000);

test("a borrower who has lost the phone gets back in through two of the staff", async ({ browser, world, shot }) => {
  const { client, who } = await liveLoan(world, 1);
  const old = who.phone.replace(/\D/g, "");
  const stranger = new Client(world.url);
  const typed = { old_phone: who.phone, phone: NEW, passport: who.passport, birth_date: who.birthDate };
  await stranger.done("request/phone", typed);
  await stranger.done("access/verify-code", { code: await world.sandbox.sms(NEW) });
  await world.sandbox.next(old, /сменить номер/);

  const found: string[] = [];
  const first = await atWork(browser, world, await hired(world, "olga", "Ольга", "support"));
  found.push(...(await looked(first, shot, "home")));
  await first.goto("/staff/requests");
  await expect(first.locator("[data-queue] tbody tr")).toHaveCount(1);
  found.push(...(await looked(first, shot, "requests")));
  await openedByKeys(first);
  await expect(first.locator("#request")).toHaveAttribute("data-state", "open");
  await expect(first.locator("#evidence")).toHaveCount(0);
  found.push(...(await looked(first, shot, "request-closed")));
  await first.locator("#f-why").fill("звонит");
  await first.locator("#open button").click();
  await expect(first.locator("#f-why-error")).toContainText("десяти знаков");
  await expect(first.locator("#f-why")).toHaveValue("звонит");
  await first.locator("#f-why").fill("клиент просит сменить номер");
  await first.locator("#open button").click();
  await expect(first.locator("#evidence")).toContainText(who.passport);
  await first.locator("#f-passport").check();
  await first.locator("#check button").click();
  await expect(first.locator("#check .error:visible")).toContainText("Сверьте");
  await expect(first.locator("#f-passport")).toBeChecked();
  await first.locator("#f-previous_phone").check();
  found.push(...(await looked(first, shot, "request-open")));
  await first.locator("#check button").click();
  await expect(first.locator("#request")).toHaveAttribute("data-state", "checked");
  await expect(first.locator("#own")).toBeVisible();
  // The page offers no button, and the use case refuses all the same.
  const own = await first.evaluate(async () => (await fetch(`${location.pathname}/approve`, { method: "POST" })).status);
  expect(own).toBe(403);

  const second = await atWork(browser, world, await hired(world, "pavel", "Павел", "chief"));
  await second.goto("/staff/requests?show=checked");
  await second.locator("[data-queue] a").click();
  await second.locator("#f-why").fill("второе слово по смене номера");
  await second.locator("#open button").click();
  await second.locator("#approve button").click();
  await expect(second.locator("#empty")).toBeVisible();
  await expect(second.locator(".toast")).toContainText("Одобрено");
  found.push(...(await looked(second, shot, "requests-empty")));
  // The old number has a day to object, and the number changes by itself after it.
  await world.sandbox.next(old, /через \d+ ч номер вашего кабинета сменится/);
  await world.sandbox.next(NEW, /Через \d+ ч кабинет перейдёт/);
  await world.sandbox.advanceSeconds(24 * 3600);
  await world.sandbox.next(old, /к другому номеру/);

  await signIn(world, `+${NEW}`, client);
  // Every sign-in has ended with the old number: this device proves itself again.
  await client.done("access/prove", { tail: who.passport.slice(-4) });
  const diary = await client.page("/diary");
  const said = [...diary.matchAll(/data-what="(\w+)" data-role="(\w+)"/g)].map(([, what, role]) => `${what} ${role}`);
  expect(said.filter((line) => line === "phone_seen staff")).toHaveLength(2);
  expect(said).toEqual(expect.arrayContaining(["phone_checked staff", "phone_agreed staff", "phone_done program"]));
  expect(diary).toContain("второе слово по смене номера");

  // The card, masked until a reason is given, and who could have seen all this.
  await first.goto("/staff/people");
  found.push(...(await looked(first, shot, "people")));
  await first.locator("#f-query").fill(`+${NEW}`);
  await first.locator("form:has(#f-query) button").click();
  await expect(first.locator("[data-seen=passport]")).not.toContainText(who.passport);
  await first.locator("main details summary").click();
  found.push(...(await looked(first, shot, "person")));
  await first.locator("#f-field").selectOption("passport");
  await first.locator("#f-reason").fill("сверяем паспорт по звонку");
  await first.locator("#open button").click();
  await expect(first.locator("[data-seen=passport]")).toContainText(/\d{4}.?\d{6}/);
  await first.locator("#loans a").click();
  found.push(...(await looked(first, shot, "loan")));
  expect(await client.page("/diary")).toContain("сверяем паспорт по звонку");

  const borrower = first.url().match(/people\/([0-9a-f-]{36})/)?.[1] ?? "";
  await second.goto(`/staff/audit?person=${borrower}`);
  await expect(second.locator("#witnesses tr[data-looks]").filter({ hasText: "Ольга" })).toContainText("раз");
  found.push(...(await looked(second, shot, "audit")));
  const csv = await second.evaluate(async (id) => (await fetch(`/staff/audit.csv?person=${id}`)).text(), borrower);
  expect(csv).toContain("open_field");
  // Support has no business with the log, and nobody's page is a borrower's.
  expect((await first.goto("/staff/audit"))?.status()).toBe(403);
  found.push(...(await looked(first, shot, "refused")));
  expect((await client.get("/staff")).location).toBe("/staff/enter");
  // A form from elsewhere is not taken, whoever's browser sends it.
  const forged = { method: "POST", headers: { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" } };
  expect((await client.send("/staff/agreements/decide", forged)).status).toBe(403);
  await first.goto("/staff/password");
  found.push(...(await looked(first, shot, "password")));
  await first.locator("#leave").click();
  await expect(first).toHaveURL(/\/staff\/enter$/);
  found.push(...(await looked(first, shot, "enter")));
  await first.locator("#f-login").fill("olga");
  await first.locator("#f-password").fill("восемь сосен у реки");
  await first.locator("#enter").click();
  await expect(first).toHaveURL(/\/staff\/code$/);
  found.push(...(await looked(first, shot, "code")));
  expect(found).toEqual([]);
});

test("applications, refunds and agreements are worked to empty, each by those it is for", async ({ browser, page, world, shot }) => {
  const found: string[] = [];
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  // Paid twice over: the acquirer took an abandoned payment as well.
  const abandoned = await payPage(borrowing, "payoff");
  await borrowing.client.done("payment/not-paid", { payment: abandoned.payment });
  await repaid(borrowing);
  await onHostedPage(abandoned.page, CARDS.plain);
  await borrowing.client.until(`/loans/${borrowing.loan}/refund`, ({ body }) => body.includes('name="key"'));
  await borrowing.client.done("refund/ask", { loan: borrowing.loan, key: randomUUID() });

  const asking: Known[] = [];
  for (const n of [2, 3]) {
    const known = await registered(world, n);
    await world.sandbox.call("PUT", `/bureau/people/${known.who.inn}`, { score: 350 });
    expect(attribute(await decided(known), "application", "data-status")).toBe("specialist");
    asking.push(known);
  }
  await world.sandbox.advanceSeconds(25 * 3600);

  const under = await atWork(browser, world, await hired(world, "anton", "Антон", "underwriter"));
  await under.goto("/staff/applications");
  await expect(under.locator("[data-queue] tr[data-status=late]")).toHaveCount(2);
  found.push(...(await looked(under, shot, "applications")));
  await under.locator("[data-queue] a").first().click();
  await expect(under.locator("#trail [data-person=true]")).toHaveCount(1);
  await expect(under.locator("#trail [data-passed=true]")).not.toHaveCount(0);
  await under.locator("#f-what").fill("справка о доходах за полгода");
  await under.locator("#ask button").click();
  await expect(under.locator("#asked")).toContainText("справка о доходах");
  await world.sandbox.next(asking[0]?.phone ?? "", /нужен документ/);
  expect(await asking[0]?.client.page("/application")).toContain("справка о доходах за полгода");
  found.push(...(await looked(under, shot, "application")));
  await test.step("a paper of the income, sent from the page of the application, waits in a queue of its own", async () => {
    await enterAs(page, (asking[0] as Known).client);
    await page.goto("/application");
    await page.locator("#f-kind").selectOption("income");
    await page.locator("#f-file").setInputFiles({ name: "справка.png", mimeType: "image/png", buffer: receipt() });
    await page.locator("#upload button").click();
    await expect(page.locator("#papers-asked #papers li")).toHaveCount(1);
    found.push(...(await looked(page, shot, "papers-asked")));
    const back = under.url();
    await under.goto("/staff/incomes");
    await expect(under.locator("[data-queue] tbody tr")).toHaveCount(1);
    found.push(...(await looked(under, shot, "incomes")));
    await under.locator("[data-queue] a").click();
    await under.locator("details:has(#decline) summary").click();
    await under.locator("#decline button").click();
    await expect(under.locator("#f-decline-why-error")).toBeVisible();
    found.push(...(await looked(under, shot, "income")));
    await under.goto(back);
  });
  await under.locator("#f-reason").fill("доход подтверждён справкой");
  await under.locator("#decide [value=approve]").click();
  await under.locator("[data-queue] a").click();
  await under.locator("#f-reason").fill("данные не подтвердились");
  await under.locator("#decide [value=refuse]").click();
  await expect(under.locator("#empty")).toBeVisible();
  expect(attribute((await asking[0]?.client.page("/application")) ?? "", "application", "data-status")).toBe("approved");
  expect(attribute((await asking[1]?.client.page("/application")) ?? "", "application", "data-status")).toBe("refused");

  const cashier = await atWork(browser, world, await hired(world, "irina", "Ирина", "payments"));
  await cashier.goto("/staff/refunds");
  await expect(cashier.locator("[data-queue] tr[data-status=late]")).toHaveCount(1);
  found.push(...(await looked(cashier, shot, "refunds")));
  await cashier.locator("[data-queue] a").click();
  found.push(...(await looked(cashier, shot, "refund")));
  const refund = cashier.url();
  await cashier.locator("#approve button").click();
  await cashier.goto(refund);
  await expect(cashier.locator("#own")).toBeVisible();
  const chief = await atWork(browser, world, await hired(world, "pavel", "Павел", "chief"));
  await chief.goto(refund);
  await chief.locator("#approve button").click();
  await expect(chief.locator("#empty")).toBeVisible();

  // A role is given by two chiefs.
  const other = await atWork(browser, world, await hired(world, "vera", "Вера", "chief"));
  await chief.goto("/staff/agreements");
  await chief.locator("#f-subject").selectOption({ label: "Ирина" });
  await chief.locator("#f-kind").selectOption("give_role");
  await chief.locator("#f-role").selectOption("support");
  await chief.locator("#f-reason").fill("замещает Ольгу в отпуске");
  await chief.locator("#propose button").click();
  await expect(chief.locator("[data-agreement]")).toHaveCount(1);
  found.push(...(await looked(chief, shot, "agreements")));
  await other.goto("/staff/agreements");
  await other.locator("[data-agreement] [value=approve]").click();
  await expect(other.locator("#empty")).toBeVisible();
  await cashier.goto("/staff");
  await expect(cashier.locator("#who")).toContainText("поддержка");
  const { code, output } = await world.kopeck("verify-ledger");
  expect([code, output]).toEqual([0, expect.stringContaining("whole")]);
  expect(found).toEqual([]);
});

test("money that names no loan is worked to empty: posted to one, sent back, or put aside with a reason; payouts to accounts go to the bank", async ({
  browser,
  world,
  shot,
}) => {
  const found: string[] = [];
  const { client, loan } = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const number = (await client.page(`/loans/${loan}`)).match(/\d{4}-\d{6}/)?.[0] ?? "";
  const transfer = await client.page(`/loans/${loan}/transfer`);
  const account = transfer.match(/data-requisite="requisite-account"[^>]*>([\d\s\u00a0]{20,})</)?.[1]?.replace(/\D/g, "") ?? "";
  const stated = (await world.sandbox.now()).toISOString().slice(0, 10).split("-").reverse().join(".");
  const lines = [
    ["1", "1500.00", "Возврат долга Иванова"],
    ["2", "77.00", "Оплата по счёту 12"],
    ["3", "300.00", "Перевод 2026-999999"],
  ].flatMap(([n, sum, purpose]) => [
    "СекцияДокумент=Платежное поручение",
    `Номер=${n}`,
    `Сумма=${sum}`,
    `ДатаПоступило=${stated}`,
    "ПлательщикСчет=40817810000000000007",
    "Плательщик1=Иванова Анна",
    `ПолучательСчет=${account}`,
    `НазначениеПлатежа=${purpose}`,
    "КонецДокумента",
  ]);
  const file = join(mkdtempSync(join(tmpdir(), "statement-")), "kl_to_1c.txt");
  writeFileSync(file, ["1CClientBankExchange", `РасчСчет=${account}`, ...lines, "КонецФайла"].join("\r\n"));
  expect((await world.kopeck("import", "statement", file)).output).toContain("unmatched: 3");
  await world.sandbox.advanceSeconds(25 * 3600);

  const cashier = await atWork(browser, world, await hired(world, "irina", "Ирина", "payments"));
  await expect(cashier.locator("#queues a[href='/staff/money']")).toHaveAttribute("data-count", "3");
  await cashier.goto("/staff/money");
  await expect(cashier.locator("[data-queue] tr[data-status=late]")).toHaveCount(3);
  found.push(...(await looked(cashier, shot, "money")));
  await cashier.locator("[data-queue] tr", { hasText: "Возврат долга" }).locator("a").click();
  await cashier.locator("#f-number").fill("2026-999998");
  await cashier.locator("#assign button").click();
  await expect(cashier.locator("#f-number-error")).toContainText("Такого договора нет");
  await expect(cashier.locator("#f-number")).toHaveValue("2026-999998");
  found.push(...(await looked(cashier, shot, "money-one")));
  await cashier.locator("#f-number").fill(number);
  await cashier.locator("#assign button").click();
  await expect(cashier.locator("[data-queue] tbody tr")).toHaveCount(2);
  expect(await client.page(`/loans/${loan}`)).toContain('data-kopecks="150000"');
  await cashier.locator("[data-queue] tr", { hasText: "2026-999999" }).locator("a").click();
  await cashier.locator("#f-reason").fill("нет");
  await cashier.locator("#dismiss [value=return]").click();
  await expect(cashier.locator("#f-reason-error")).toContainText("десяти знаков");
  await cashier.locator("#f-reason").fill("такого договора у нас нет");
  await cashier.locator("#dismiss [value=return]").click();
  await cashier.locator("[data-queue] a").click();
  await cashier.locator("#f-reason").fill("оплата аренды, не заём");
  await cashier.locator("#dismiss [value=not_ours]").click();
  await expect(cashier.locator("#empty")).toBeVisible();

  // A payout to an account waits for the bank: one file, kept as it was.
  const offered = await approved(world, 2, { amount: 10_000, term: 20 });
  const tool = { contract: offered.contract, way: "account", account: "40817810500000000007", bic: "044525225" };
  await offered.client.done("payout/add-tool", tool);
  const card = (await offered.client.page(`/offer/${offered.contract}`)).match(/name="card" value="([0-9a-f-]{36})"/)?.[1] ?? "";
  await signed(world, offered, card);
  await offered.client.until(`/offer/${offered.contract}`, ({ body }) => body.includes('data-status="waiting"'));
  await cashier.goto("/staff/orders");
  await expect(cashier.locator("[data-queue] tbody tr")).toHaveCount(1);
  await cashier.locator("#write button").click();
  await expect(cashier.locator("#write")).toHaveCount(0);
  found.push(...(await looked(cashier, shot, "orders")));
  const href = (await cashier.locator("#files a").getAttribute("href")) ?? "";
  const orders = await cashier.evaluate(async (path) => (await fetch(path)).text(), href);
  expect(orders).toContain("40817810500000000007");
  const support = await atWork(browser, world, await hired(world, "olga", "Ольга", "support"));
  for (const path of ["/staff/money", "/staff/orders", href]) expect((await support.goto(path))?.status(), path).toBe(403);

  const auditor = await atWork(browser, world, await hired(world, "pavel", "Павел", "auditor"));
  await auditor.goto("/staff/audit");
  await expect(auditor.locator("tr[data-action=assign_money]").filter({ hasText: "Ирина" })).toHaveCount(1);
  await expect(auditor.locator("tr[data-action=dismiss_money]").filter({ hasText: "такого договора у нас нет" })).toHaveCount(1);
  await expect(auditor.locator("tr[data-action=bank_orders]")).not.toHaveCount(0);
  expect(found).toEqual([]);
});
