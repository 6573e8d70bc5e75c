// CreditPlus, as its borrowers describe it: getting in, and what the pages say.
import { randomUUID } from "node:crypto";
import { person } from "../../support/borrower";
import {
  attribute,
  CARDS,
  Client,
  liveLoan,
  onHostedPage,
  payPage,
  registered,
  untilPayment,
} from "../../support/http";
import { choice, expect, ofLender, paid, quoted } from "../../support/lenders";
import { enterAs } from "../../support/session";
import { promotion, promotionCard } from "../../support/promotions";

const test = ofLender("creditplus");

test("registration inside the application: sum and term → name, birth date, contacts → SMS code → cabinet opens at once; work, education, income added inside before the first loan (R12, R14, R16, R24)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const b = borrower(person(71));
  await page.goto(choice("short", 15_000, 20));
  await page.locator("#apply").click();
  await expect(page.locator("#needed")).toContainText("Паспорт");
  await page.locator("#to-register").click();
  await b.registration();
  const inviter = await registered(world, 79, { amount: 10_000, term: 20 });
  await test.step("the code of a friend: one that is nobody's keeps everything typed, the right one counts", async () => {
    await page.locator("#brought-by summary").click();
    await page.locator("#f-came_by").fill("nobodys2");
    await b.send("phone");
    await expect(page.locator("#f-came_by-error")).toContainText("Такого кода нет");
    await expect(page.locator("#f-came_by")).toHaveValue("nobodys2");
    await expect(page.locator("#f-last_name")).toHaveValue(b.who.lastName);
    await expect(page.locator("#f-birth_date")).not.toHaveValue("");
    const code = attribute(await inviter.client.page("/invite"), "invite-link", "href")?.split("/i/")[1] ?? "";
    await page.locator("#f-came_by").fill(code);
    await shot(page, "register");
  });
  await b.send("phone");
  await b.code();
  expect(attribute(await inviter.client.page("/invite"), "invited", "data-count")).toBe("1");
  await test.step("the cabinet opens at once", async () => {
    await expect(page).toHaveURL(/\/apply\?/);
    for (const path of ["/cabinet", "/profile", "/security"]) expect((await page.goto(path))?.status(), path).toBe(200);
  });
  await test.step("the rest inside; what was typed is not asked again", async () => {
    await page.goto(`/apply${choice("short", 15_000, 20).slice(1)}`);
    await b.press("#choose");
    const pages = await b.questionnaire();
    expect(pages).toEqual(["agreement", "passport", "work", "consents"]);
    await expect(page).toHaveURL(/\/apply\/review/);
    await expect(page.locator("main")).toContainText("высшее");
    await shot(page, "review");
    await b.press("#submit");
    await expect(page.locator("#application")).toHaveAttribute("data-status", "approved", { timeout: 30_000 });
  });
  await test.step("work without education is not enough", async () => {
    const { client } = await registered(world, 72, { amount: 10_000, term: 20 });
    const refused = await client.post("profile/work", { employer: "ООО «Ромашка»", income: "80000", expenses: "30000" });
    expect(refused.status).toBe(422);
  });
});

test("sign-in by phone → «Продолжить» → SMS code; no password (R26-28)", async ({ page, shot, borrower }) => {
  const b = borrower(person(73));
  await page.goto("/login");
  await expect(page.locator("input[type=password]")).toHaveCount(0);
  await expect(page.locator("body")).not.toContainText(/забыли пароль/i);
  await page.locator("#f-phone").fill(b.who.phone);
  await expect(page.getByRole("button", { name: "Продолжить", exact: true })).toBeVisible();
  await shot(page, "sign-in");
  await b.send("phone");
  await b.code();
  await expect(page).toHaveURL(/\/cabinet$/);
});

test("correct information about oneself; tell the company a new phone number (R37, R39)", async ({ page, world, borrower }) => {
  const { client, who } = await registered(world, 74, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  const b = borrower(who);
  await page.goto("/profile");
  await page.locator('#answers a[href="/profile/person"]').click();
  await page.locator("#f-last_name").fill("Тестовская");
  await b.send("last_name");
  await expect(page.locator("#answers")).toContainText("Тестовская");
  await page.locator('#contact a[href="/phone"]').click();
  await page.locator("#f-phone").fill("+79005550074");
  await b.send("phone");
  await page.locator("#f-code").fill(await world.sandbox.sms("79005550074"));
  await b.send("code");
  await expect(page.locator("#request")).toHaveAttribute("data-state", /open|waiting/);
  await world.sandbox.next(b.phoneDigits, /сменить номер/);
});

test("up to 70 000 ₽ to a card; short loans 7–45 days; long loans with a payment every two weeks (R6-8)", async ({
  page,
  shot,
}) => {
  await page.goto("/");
  await expect(page.locator("main")).toContainText(/до 70.000.₽ на карту/);
  await expect(page.locator("[data-programme=short]")).toContainText("На 7–45 дней");
  await expect(page.locator("[data-programme=long]")).toContainText("8–12 платежей, каждые 14 дней");
  await shot(page, "landing");
  await page.goto(choice("long", 70_000, 12));
  await expect(page.locator("#calculator")).toContainText("Каждый платёж");
  // Half a percent a day, in payments every fourteen days: 26 of them and a bit in a year.
  expect((await quoted(page)).psk).toBe("182,500");
  await page.goto(choice("short", 30_000, 45));
  expect(await quoted(page)).toEqual({ total: 4_080_000, overpayment: 1_080_000, psk: "292,000" });
});

test("first loan: 0 % for up to 15 000 ₽ and up to 20 days; the promo is granted only when amount AND term are within the limits; otherwise the ordinary rate applies to the whole loan from day 1, and the calculator says so before anything is typed (R9)", async ({
  page,
  shot,
}) => {
  await page.goto("/");
  await expect(page.locator("#promo")).toContainText(/Первый займ бесплатно — до 15.000.₽ и до 20.дней/);
  await page.goto(choice("short", 15_000, 20));
  expect(await quoted(page)).toEqual({ total: 1_500_000, overpayment: 0, psk: "0,000" });
  await page.goto(choice("short", 15_000, 21));
  expect(await quoted(page)).toEqual({ total: 1_752_000, overpayment: 252_000, psk: "292,000" });
  await expect(page.locator("#promo")).toContainText("Выбранный срок больше, поэтому ставка обычная");
  await page.goto(choice("short", 15_500, 20));
  expect(await quoted(page)).toEqual({ total: 1_798_000, overpayment: 248_000, psk: "292,000" });
  await expect(page.locator("#promo")).toContainText("Выбранная сумма больше, поэтому ставка обычная");
  await shot(page, "promo-refused");
});

test("Visa, Mastercard, МИР (R54)", async ({ page }) => {
  await page.goto("/help");
  await expect(page.locator("[data-way=card]")).toContainText("Visa, Mastercard или МИР");
});

test("«Продлить займ» up to 45 days, after paying the accrued interest; beside it: what lateness would cost, fines and credit history (R61-67)", async ({
  page,
  world,
  shot,
}) => {
  const { client, loan } = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  await enterAs(page, client);
  await world.sandbox.advanceDays(10);
  await page.goto(`/loans/${loan}/prolong?days=45`);
  await expect(page.locator("#preview")).toHaveAttribute("data-days", "45");
  await expect(page.locator("#preview #pay-now")).toHaveAttribute("data-kopecks", String(10 * 16_000));
  await expect(page.locator("#prolong-late")).toContainText("пени 20 % годовых");
  await expect(page.locator("#prolong-late")).toContainText("в кредитной истории");
  await shot(page, "prolong");
  await page.goto(`/loans/${loan}/prolong?days=46`);
  await expect(page.locator("#f-days-error")).toContainText("от 7 до 45");
});

test("long loans are not prolonged: only short ones first taken for 7–45 days (R64)", async ({ page, world }) => {
  const { client, loan } = await liveLoan(world, 2, { product: "long", amount: 40_000, term: 8 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#debt")).toBeVisible();
  await expect(page.locator("#prolong")).toHaveCount(0);
});

test("money topped up stands on the balance until assigned by «Погасить»; what is beyond the debt goes back to the paying card (R51, R57)", async ({
  page,
  world,
  shot,
}) => {
  const borrowing = await liveLoan(world, 31, { amount: 20_000, term: 30 });
  const { client, loan } = borrowing;
  await enterAs(page, client);
  await world.sandbox.advanceDays(3);
  await page.goto(`/loans/${loan}/pay?what=top-up`);
  await page.locator("#f-amount").fill("5000");
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await page.locator("#pay").click();
  await paid(page);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#balance")).toHaveAttribute("data-kopecks", "500000");
  await page.locator("#repay").click();
  await expect(page.locator("#balance")).toHaveAttribute("data-kopecks", "0");
  const owed = Number(await page.locator("#debt").getAttribute("data-kopecks"));
  expect(owed).toBe(2_000_000 + 3 * 16_000 - 500_000);

  // Put on the balance and not assigned, it can be asked back.
  await page.goto(`/loans/${loan}/pay?what=top-up`);
  await page.locator("#f-amount").fill("700");
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await page.locator("#pay").click();
  await paid(page);
  await page.goto(`/loans/${loan}`);
  await page.locator("#balance #to-refund").click();
  await expect(page.locator("#refund")).toHaveAttribute("data-kopecks", "70000");
  await shot(page, "refund");
  await page.setViewportSize({ width: 1280, height: 900 });
  await shot(page, "refund-wide");
  await page.setViewportSize({ width: 360, height: 780 });
  await page.locator("#give-back").click();
  await client.until(`/loans/${loan}/refund`, ({ body }) => /data-status="done"/.test(body), 30_000);
  await expect(page.locator("#refund")).toHaveAttribute("data-kopecks", "0");
  await shot(page, "refund-done");

  // «Погасить»: the balance shows the money, the loan shows «закрыт».
  await page.goto(`/loans/${loan}/pay?what=payoff`);
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await page.locator("#pay").click();
  await paid(page);
  await expect(page.locator("#to-certificate")).toBeVisible();
  const today = (await world.sandbox.now()).toISOString().slice(0, 10);
  expect((await world.kopeck("reconcile", "--date", today)).output).toContain("difference: 0.00");
});

test("bonus balance and spending it; invite a friend and get bonuses (R70-71)", async ({ page, world, shot }) => {
  test.setTimeout(180_000);
  const inviter = await liveLoan(world, 34, { amount: 20_000, term: 30 });
  await enterAs(page, inviter.client);
  const balance = async () => attribute(await inviter.client.page("/bonuses"), "bonuses", "data-kopecks");
  await page.goto("/cabinet");
  await page.locator("#to-bonuses").click();
  await page.locator("#to-invite").click();
  const link = (await page.locator("#invite-link").getAttribute("href")) ?? "";
  await expect(page.locator("#invite-code")).toHaveText(link.split("/i/")[1] ?? "-");
  await shot(page, "invite");

  /** Follows the link, takes a loan and pays its first interest. */
  const borrows = async (n: number, number: string): Promise<void> => {
    const client = new Client(world.url);
    expect((await client.get(new URL(link).pathname)).location).toBe("/");
    const friend = await liveLoan(world, n, { amount: 20_000, term: 30, client, number });
    await world.sandbox.advanceDays(5);
    const { page: hosted, payment } = await payPage(friend, "800");
    await onHostedPage(hosted, number);
    await untilPayment(client, payment, "succeeded");
    // In balance mode money stands on the balance until it is assigned.
    if ((await client.page(`/loans/${friend.loan}`)).includes('id="repay"')) {
      await client.done("payment/repay", { loan: friend.loan, key: randomUUID() });
    }
  };

  await test.step("a friend who pays the first interest brings bonuses to both", async () => {
    await borrows(35, CARDS.secure);
    await expect.poll(balance, { timeout: 30_000 }).toBe("50000");
    await page.reload();
    await expect(page.locator("#invited")).toHaveAttribute("data-count", "1");
    await expect(page.locator("#invited [data-state]")).toHaveAttribute("data-state", "rewarded");
    // How many and when, and nobody's name.
    await expect(page.locator("main")).not.toContainText(person(35).lastName);
    await shot(page, "invited");
  });

  await test.step("somebody with the inviter's own card brings nothing", async () => {
    await borrows(36, CARDS.plain);
    await page.reload();
    await expect(page.locator("#invited")).toHaveAttribute("data-count", "2");
    await expect(page.locator("#invited [data-state=refused]")).toHaveCount(1);
    expect(await balance()).toBe("50000");
  });

  await test.step("spent on interest, as much as the rules let", async () => {
    await page.goto("/bonuses");
    const form = page.locator(`form[data-loan="${inviter.loan}"]`);
    const most = Number(await form.getAttribute("data-most"));
    expect(most).toBe(50_000);
    const debt = async () => Number(attribute(await inviter.client.page(`/loans/${inviter.loan}`), "debt", "data-kopecks"));
    const before = await debt();
    await form.locator("[data-spend]").click();
    await expect(page.locator("#bonus-history tr[data-kind=spent]")).toHaveCount(1);
    expect(before - (await debt())).toBe(most);
    expect(await balance()).toBe("0");
    await shot(page, "bonuses");
  });
});

test("a repeat loan needs no long form; decision stage is tracked (R41-42)", async ({ page, world, shot }) => {
  const { client, loan } = await liveLoan(world, 33, { amount: 20_000, term: 20 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}/pay?what=payoff`);
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await page.locator("#pay").click();
  await paid(page);
  // From April 2027 three days pass between expensive loans.
  await world.sandbox.advanceDays(5);
  await page.goto(`/apply${choice("short", 12_000, 15).slice(1)}`);
  await page.locator("#choose").click();
  // No page of questions: straight to what is known, to be sent or mended.
  await expect(page).toHaveURL(/\/apply\/review/);
  await expect(page.locator("main")).toContainText("ООО «Ромашка»");
  await page.locator("#submit").click();
  await expect(page.locator("#application")).toHaveAttribute("data-status", "approved", { timeout: 30_000 });
  await expect(page.locator("main")).toContainText("Заявка отправлена");
  await expect(page.locator("main")).toContainText("Проверка началась");
  await expect(page.locator("main")).toContainText("Одобрена");
  await shot(page, "repeat-decision");
});

test("loan page: end date, debt now (the same figure pays it off today, any day), dates of coming payments (R46, R48-49, R60)", async ({
  page,
  world,
  shot,
}) => {
  const long = await liveLoan(world, 32, { product: "long", amount: 40_000, term: 10 });
  await enterAs(page, long.client);
  await page.goto(`/loans/${long.loan}`);
  await expect(page.locator("#schedule")).toContainText("января");
  await expect(page.locator("#schedule tbody tr, #schedule li")).not.toHaveCount(0);
  await shot(page, "long-loan");
  // Any day: the figure of that day, paid as it stands, closes the loan with nothing over.
  await world.sandbox.advanceDays(4);
  await page.goto(`/loans/${long.loan}`);
  const owed = Number(await page.locator("#debt").getAttribute("data-kopecks"));
  expect(owed).toBe(4_000_000 + 4 * 20_000);
  await page.goto(`/loans/${long.loan}/pay?what=payoff`);
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await page.locator("#pay").click();
  await paid(page, owed);
  await page.goto(`/loans/${long.loan}`);
  await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "0");
});

test("current and future promotions in a section of offers (R69-71)", async ({ page, world, shot }) => {
  const { client } = await registered(world, 293, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await page.goto("/cabinet");
  await page.locator("#to-offers").click();
  await expect(page.locator("h1")).toHaveText("Предложения");
  await expect(page.locator(".bar [aria-current=page], .nav-bottom [aria-current=page]").first()).toContainText("Акции");
  const first = page.locator("#current [data-source=product]");
  await expect(first).toContainText("«Короткий» без процентов — до 15\u00a0000\u00a0₽ и до 20 дней");
  await expect(first.locator("[data-example]")).toContainText("Вернёте 15\u00a0000,00\u00a0₽ вместо 17\u00a0400,00\u00a0₽");
  const closed = await promotionCard(page, world, "creditplus", "plus-week");
  if (closed) {
    await expect(closed).toContainText("Для тех, кто вернул займ не раньше чем 90\u00a0дней назад");
    // It is for others: to be read, not to be taken.
    await expect(closed.locator("[data-count]")).toHaveCount(0);
  }
  const winter = await promotionCard(page, world, "creditplus", "winter");
  const { from, section } = await promotion(world, "creditplus", "winter");
  if (winter && section === "future") {
    await expect(winter).toContainText(`С ${from}`);
    await expect(winter.locator("[data-count]")).toHaveCount(0);
  }
  await expect(page.locator("#status [data-rule]")).toHaveCount(2);
  await shot(page, "offers");
  await test.step("the button opens the calculator with the offer", async () => {
    await first.locator("[data-count]").click();
    await expect(page.locator("#promo")).toBeVisible();
    expect(await quoted(page)).toMatchObject({ total: 1_500_000, overpayment: 0, psk: "0,000" });
  });
});
