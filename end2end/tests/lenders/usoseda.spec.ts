// У Соседа, as its borrowers describe it: getting in, and what the pages say.
import { person } from "../../support/borrower";
import { approved, CARDS, Client, liveLoan, onHostedPage, registered, signIn } from "../../support/http";
import { choice, expect, ofLender, paid, quoted } from "../../support/lenders";
import { enterAs } from "../../support/session";
import { atWork, hired, looked } from "../../support/staff";
import { promotion, promotionCard } from "../../support/promotions";

const test = ofLender("usoseda");

test("registration: «Войти» → phone → code → full name, passport, registration address, work → consent to data processing, required, not pre-ticked; the cabinet opens after registration; everything is available once the page loads (R14-17, R24, R32)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const b = borrower(person(51));
  await test.step("«Войти» → phone → code", async () => {
    await page.goto("/");
    await page.locator("#sign-in").click();
    // What will be needed stands before the first form.
    await expect(page.locator("#needed")).toContainText("Паспорт");
    await page.locator("#f-phone").fill(b.who.phone);
    await b.send("phone");
    await b.code();
  });
  await test.step("full name, passport, registration address, work, consent", async () => {
    await expect(page).not.toHaveURL(/\/login/);
    if (!page.url().includes("/apply/")) await page.locator("#registering a.button").click();
    await expect(page).toHaveURL(/\/apply\/agreement/);
    await page.locator("#f-agreement_esign").check();
    await b.send("agreement_esign");
    await expect(page).toHaveURL(/\/apply\/person/);
    await shot(page, "register-person");
    const pages = await b.questionnaire();
    expect(pages).toEqual(["person", "passport", "address", "work", "consents"]);
    await expect(page).toHaveURL(/\/cabinet$/);
  });
  await test.step("the consent is required", async () => {
    const other = await signIn(world, person(52).phone);
    const refused = await other.post("profile/consents", { consent_bureau: "yes" });
    expect(refused.status).not.toBe(200);
  });
  await test.step("everything is there once the page loads", async () => {
    await expect(page.locator("#unopened")).toHaveCount(0);
    await expect(page.locator("#empty a.button")).toBeVisible();
    await shot(page, "cabinet");
    for (const path of ["/profile", "/security", "/consents", "/papers", "/diary", "/"]) {
      const loaded = await page.goto(path);
      expect(loaded?.status(), path).toBe(200);
    }
    await expect(page.locator("#apply")).toBeVisible();
  });
});

test("sign-in by phone + one-time SMS code, a new one each time; no permanent password exists, so no «forgot password» link anywhere (R26-28)", async ({
  page,
  world,
  shot,
}) => {
  const { phone } = person(53);
  const client = await signIn(world, phone);
  const codes: string[] = [];
  for (let time = 0; time < 3; time += 1) {
    await world.sandbox.advanceSeconds(61);
    await client.postForm("access/sign-out");
    await client.done("access/request-code", { phone });
    const code = await world.sandbox.sms(phone.replace(/\D/g, ""));
    const old = codes.at(-1);
    // What opened the cabinet before opens nothing now.
    if (old !== undefined && old !== code) expect((await client.post("access/verify-code", { code: old })).status).toBe(422);
    await client.done("access/verify-code", { code });
    codes.push(code);
  }
  expect(new Set(codes).size).toBeGreaterThan(1);
  expect((await new Client(world.url).post("access/sign-in", { phone, password: "что угодно" })).status).toBe(404);
  for (const path of ["/", "/login", "/help", choice("short", 10_000, 30)]) {
    await page.goto(path);
    await expect(page.locator("body")).not.toContainText(/забыли пароль|восстановить пароль/i);
    await expect(page.locator("input[type=password]")).toHaveCount(0);
  }
  await page.goto("/");
  await expect(page.locator("#sign-in")).toHaveText("Войти");
  await shot(page, "landing");
});

test("the programme of newcomers, and that of those who have borrowed, stand on the first page (R10-11)", async ({
  page,
  world,
}) => {
  await page.goto("/");
  const fresh = page.locator("[data-programme=short]");
  const known = page.locator("[data-programme=repeat]");
  await expect(fresh).toContainText("Для новых клиентов");
  await expect(fresh).toContainText(/2.000.₽ – 30.000.₽/);
  await expect(fresh).toContainText("На 7–30 дней");
  await expect(fresh).toContainText("0,7 % в день");
  await expect(known).toContainText("Для тех, кто уже брал у нас займ");
  // A newcomer's calculator has the newcomers' programme, and nobody else's can be had through an address.
  await page.goto(choice("repeat", 10_000, 30));
  await expect(page.locator("#apply")).toBeVisible();
  await expect(page.locator("input[name=product][value=repeat]")).toHaveCount(0);
  const { client } = await registered(world, 3);
  const refused = await client.post("application/choose", { product: "repeat", amount: "10000", term: "30" });
  expect(refused.status).toBe(409);
});

test("2 000–30 000 ₽, 7–30 days, 0.7 % a day, and the full cost that follows", async ({ page }) => {
  await page.goto(choice("short", 10_000, 30));
  expect(await quoted(page)).toEqual({ total: 1_210_000, overpayment: 210_000, psk: "255,500" });
  await page.goto(choice("short", 2_000, 7));
  expect(await quoted(page)).toEqual({ total: 209_800, overpayment: 9_800, psk: "255,500" });
  await page.goto(choice("short", 90_000, 60));
  await expect(page.locator("#amount-note")).toContainText(/от 2.000.₽ до 30.000.₽/);
  await expect(page.locator("#term-note")).toContainText("от 7 до 30");
});

test("pay by a debit card of any bank with zero commission; credited in minutes (R54-56)", async ({ page }) => {
  await page.goto("/help");
  await expect(page.locator("#paying [data-way=card]")).toContainText("Дебетовая карта любого банка. Комиссия 0 ₽");
  await expect(page.locator("#paying [data-way=card]")).toContainText("зачисляются за минуты");
});

test("a list «what you will need» stands before the first form, without an e-mail where none is used (R13)", async ({ page }) => {
  await page.goto(`/apply${choice("short", 10_000, 30).slice(1)}`);
  const needed = page.locator("#needed");
  await expect(needed).toContainText("Паспорт");
  await expect(needed).toContainText("Телефон под рукой");
  await expect(needed).toContainText("Карта на ваше имя");
  await expect(page.locator("#need-email")).toHaveCount(0);
  const [list, form] = await Promise.all([needed.boundingBox(), page.locator("#f-phone").boundingBox()]);
  expect(list && form && list.y < form.y).toBe(true);
});

test("debt can also be asked at the contact centre or by e-mail, slower: the page says so; prolonging is a separately paid service with a warning beside it (R52, R61-62, R67)", async ({
  page,
  world,
  shot,
}) => {
  const { client, loan } = await liveLoan(world, 1, { amount: 10_000, term: 30 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}`);
  const elsewhere = page.locator("#debt-elsewhere");
  await expect(elsewhere).toContainText("в контакт-центре, письмом на почту");
  await expect(elsewhere).toContainText("дольше");
  await world.sandbox.advanceDays(10);
  await page.goto(`/loans/${loan}/prolong?days=14`);
  const kopecks = (id: string) => page.locator(`#preview #${id}`).getAttribute("data-kopecks");
  // Ten days of 70 ₽ and the service; twenty days to the old date and fourteen more later.
  expect(await kopecks("fee")).toBe("2500");
  expect(await kopecks("pay-now")).toBe("72500");
  expect(await kopecks("due-then")).toBe(String(1_000_000 + 34 * 7_000));
  await expect(page.locator("#prolong-late")).toContainText("пени 20 % годовых");
  await expect(page.locator("#prolong-late")).toContainText("в кредитной истории");
  await shot(page, "prolong");
});

test("pay by a card of any bank with zero commission, or by an e-wallet; credited in minutes (R54-56)", async ({ page, world, shot }) => {
  const { client, loan } = await liveLoan(world, 8, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}/pay`);
  await expect(page.locator("#commission")).toHaveAttribute("data-kopecks", "0");
  await page.locator("#method-wallet").check();
  await page.locator("#what-sum").check();
  await page.locator("#f-amount").fill("700");
  await shot(page, "pay");
  await page.locator("#pay").click();
  await page.locator("#wallet-pay").click();
  await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded");
  await expect(page.locator("#payment")).toHaveAttribute("data-kopecks", "70000");
});

test("loan documents in the cabinet: rate, term, order of penalties; debt and current payment in the list of products (R46-47, R73)", async ({
  page,
  world,
  shot,
}) => {
  const { client, loan } = await liveLoan(world, 24, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await world.sandbox.advanceDays(4);
  await page.goto("/cabinet");
  const owed = 1_000_000 + 4 * 7_000;
  await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", String(owed));
  await expect(page.locator("#home")).toContainText(/Вернуть до /);
  await expect(page.locator("#home")).toContainText(/10.280,00.₽/);
  await shot(page, "home");
  await page.goto("/documents");
  await expect(page.locator("[data-loan] [data-document=contract] a").first()).toBeVisible();
  await page.goto(`/documents/${loan}/contract`);
  const text = page.locator("#document");
  await expect(text).toContainText("0,7 %");
  await expect(text).toContainText("Срок возврата займа");
  await expect(text).toContainText(/неустойк/i);
  await expect(text).toContainText("20 % годовых");
  await shot(page, "contract");
});

test("balance model: the client's account is topped up, the payment is debited from it; the history lists every top-up and every debit (R50, R57)", async ({
  page,
  world,
  shot,
}) => {
  const { client, loan } = await liveLoan(world, 21, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await world.sandbox.advanceDays(2);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#balance")).toHaveAttribute("data-kopecks", "0");
  await page.locator("#top-up").click();
  await expect(page.locator("#what-top-up")).toBeChecked();
  await page.locator("#f-amount").fill("3000");
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await page.locator("#pay").click();
  await paid(page);
  await expect(page.locator("#topped-up")).toBeVisible();
  // Money that nobody has assigned stops no interest, and the page says so.
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#balance")).toHaveAttribute("data-kopecks", "300000");
  await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", String(1_000_000 + 2 * 7_000));
  await expect(page.locator("#idle")).toBeVisible();
  await shot(page, "balance");
  await page.setViewportSize({ width: 1280, height: 900 });
  await shot(page, "balance-wide");
  await page.setViewportSize({ width: 360, height: 780 });
  await world.sandbox.advanceDays(18);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#balance")).toHaveAttribute("data-kopecks", "0");
  await expect(page.locator("tr[data-kind=top_up][data-kopecks='300000']")).toHaveCount(1);
  await expect(page.locator("tr[data-kind=debit][data-kopecks='300000']")).toHaveCount(1);
  await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", String(1_000_000 + 20 * 7_000 - 300_000));
});

test("autopay: a sum on a chosen date without the borrower's hand, by our own mandate (R59)", async ({ page, world, shot }) => {
  const { client, loan, phone } = await liveLoan(world, 22, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}`);
  await page.locator("#autopay").click();
  await expect(page.locator("#f-consent")).not.toBeChecked();
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await page.locator("#agree").click();
  await expect(page.locator("#f-consent-error")).toContainText("Без разрешения");
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await expect(page.locator("#f-rule-due")).toBeChecked();
  await page.locator("#f-rule-month").check();
  const start = await world.sandbox.now();
  const on = new Date(start.getTime() + 17 * 86_400_000);
  await page.locator("#f-month_day").fill("32");
  await page.locator("#f-cap_debit").fill("12000");
  await page.locator("#f-cap_month").fill("12000");
  await page.locator("#f-consent").check();
  await page.locator("#agree").click();
  await expect(page.locator("#f-month_day-error")).toContainText("от 1 до 31");
  await page.locator("#f-month_day").fill(String(on.getUTCDate()));
  await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
  await page.locator("#f-consent").check();
  await shot(page, "autopay-form");
  await page.locator("#agree").click();
  const mandate = page.locator("#mandate");
  await expect(mandate).toHaveAttribute("data-status", "active");
  // Money on a balance waits for the date: the whole sum of the date, on the chosen day and hour.
  await expect(page.locator("#autopay-next")).toContainText("11 400,00");
  await expect(page.locator("#autopay-next")).toContainText(`${on.getUTCDate()} `);
  await expect(page.locator("#autopay-next")).toContainText("12:00");
  await page.locator("#pause").click();
  await expect(mandate).toHaveAttribute("data-status", "paused");
  await page.locator("#resume").click();
  await expect(mandate).toHaveAttribute("data-status", "active");
  await shot(page, "autopay");
  await page.setViewportSize({ width: 1280, height: 900 });
  await shot(page, "autopay-wide");
  await page.setViewportSize({ width: 360, height: 780 });
  // The day before the debit it is told of with its hour, on its day the card pays, on the due date the balance.
  await world.sandbox.skip(phone);
  await world.sandbox.advanceDays(16);
  await world.sandbox.next(phone, /в 12:00 автоплатёж/, 30_000);
  await world.sandbox.advanceDays(1);
  await client.until(`/loans/${loan}/autopay`, ({ body }) => /data-status="succeeded"/.test(body), 30_000);
  await page.goto(`/loans/${loan}/autopay`);
  await expect(page.locator("#tries tr[data-status=succeeded], #tries [data-status=succeeded]").first()).toBeVisible();
  await shot(page, "autopay-log");
  // Taken back, nothing is debited any more; what was tried stays to be read.
  if ((await page.locator("#revoke").count()) > 0) {
    await page.locator("#revoke").click();
    await expect(page.locator("#mandate")).toHaveCount(0);
  }
  await expect(page.locator("#tries")).toBeVisible();
});

test("early repayment any day, cheaper by every unused day (R60)", async ({ page, world, shot }) => {
  const { client, loan } = await liveLoan(world, 23, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await world.sandbox.advanceDays(5);
  await page.goto(`/loans/${loan}`);
  await page.locator("#early").click();
  await expect(page.locator("#early-payoff")).toHaveAttribute("data-kopecks", String(1_000_000 + 5 * 7_000));
  await expect(page.locator("#saved")).toHaveAttribute("data-kopecks", String(15 * 7_000));
  await shot(page, "early");
  await page.setViewportSize({ width: 1280, height: 900 });
  await shot(page, "early-wide");
  // A sum for a later day is promised, and closes the loan on that day.
  const on = new Date((await world.sandbox.now()).getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
  await page.goto(`/loans/${loan}/early?on=${on}`);
  await expect(page.locator("#early-payoff")).toHaveAttribute("data-kopecks", String(1_000_000 + 8 * 7_000));
  await page.locator("#promise").click();
  await expect(page.locator("#quote")).toHaveAttribute("data-lives", "true");
  await shot(page, "quote-wide");
  await world.sandbox.advanceDays(3);
  await page.reload();
  await page.locator("#pay").click();
  await page.locator("#card-number").fill("5555555555554444");
  await page.locator("#card-exp").fill("12/30");
  await page.locator("#card-cvc").fill("123");
  await page.locator("#card-pay").click();
  await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded");
  await expect(page.locator("#to-certificate")).toBeVisible();
});

test("prolongation, insurance and other paid or free services are switched on in the cabinet, and any service can be switched off (R60, R68)", async ({
  page,
  world,
  shot,
}) => {
  const { client, loan } = await liveLoan(world, 68, { amount: 30_000, term: 30 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}`);
  const debt = await page.locator("#debt").getAttribute("data-kopecks");
  await page.locator("#services").click();
  const insurance = page.locator("[data-service=insurance]");
  const talk = page.locator("[data-service=budget]");
  await test.step("more time is one of them: priced, and on only when it is signed and paid", async () => {
    await page.goto(`/loans/${loan}`);
    await page.locator("#prolong").click();
    await expect(page.locator("#preview #fee")).toHaveAttribute("data-kopecks", "2500");
    await expect(page.locator("#prolong-prepare")).toBeVisible();
    await page.goto(`/loans/${loan}/services`);
  });
  await test.step("none is on, prices stand beside them", async () => {
    await expect(page.locator("[data-service]")).toHaveCount(2);
    await expect(page.locator("[data-service][data-status=never]")).toHaveCount(2);
    await expect(insurance).toContainText("149,00 ₽");
    await expect(talk).toContainText("Бесплатно");
    await shot(page, "services");
  });
  await test.step("insurance is paid past the balance, which the debt is paid from", async () => {
    await insurance.locator("[data-switch=on]").click();
    await page.waitForURL(/\/checkout\//);
    await page.goto(await onHostedPage(page.url(), CARDS.plain));
    await page.locator("#to-services").click();
    await expect(insurance).toHaveAttribute("data-status", "on");
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", debt ?? "");
  });
  await test.step("a free one beside it, and both off again", async () => {
    await page.goto(`/loans/${loan}/services`);
    await talk.locator("[data-switch=on]").click();
    await expect(talk).toHaveAttribute("data-status", "on");
    for (const service of [talk, insurance]) await service.locator("[data-switch=off]").click();
    await expect(talk).toHaveAttribute("data-status", "off");
    await expect(insurance).toHaveAttribute("data-status", /return/);
    await expect(insurance.locator("[data-state]")).toContainText("149,00 ₽");
  });
});

test("personal offers, sometimes 0 % (R69)", async ({ browser, page, world, shot }) => {
  test.setTimeout(180_000);
  const { client, contract } = await approved(world, 294, { amount: 10_000, term: 30 });
  await enterAs(page, client);
  await page.goto(`/offer/${contract}`);
  const number = (await page.locator("h1").innerText()).match(/\d{4}-\d{6}/)?.[0] ?? "";
  await client.done("application/cancel", { contract });
  const marketing = await atWork(browser, world, await hired(world, "vera", "Вера", "marketing"));
  await marketing.goto("/staff/promotions");
  await test.step("what contradicts the product is said beside the field, and what was typed stays", async () => {
    await marketing.locator("#f-contract").fill(number);
    await marketing.locator("#f-title").fill("Спасибо, что подождали");
    await marketing.locator("#f-product-short").check();
    await marketing.locator("#f-daily_rate").fill("0");
    await marketing.locator("#f-max_amount").fill("10000");
    await marketing.locator("#f-max_days").fill("90");
    await marketing.locator("#f-valid_days").fill("14");
    await marketing.locator("#f-ends_late").check();
    await marketing.locator("#f-reason").fill("Долго ждал ответа на жалобу");
    await marketing.locator("#give button").click();
    await expect(marketing.locator("#f-max_days-error")).toContainText("срок, который бывает");
    await expect(marketing.locator("#f-title")).toHaveValue("Спасибо, что подождали");
  });
  await marketing.locator("#f-max_days").fill("14");
  await marketing.locator("#give button").click();
  await expect(marketing.locator("#given [data-state=open]")).toContainText(number);
  expect(await looked(marketing, shot, "staff-promotions")).toEqual([]);
  await marketing.context().close();

  await page.goto("/cabinet");
  await expect(page.locator("#offers-card")).toContainText("Спасибо, что подождали");
  await page.locator("#to-offers").click();
  const own = page.locator("#personal [data-source=personal]");
  await expect(own).toContainText("«Новым соседям» без процентов — до 10\u00a0000\u00a0₽ и до 14 дней");
  await expect(own).toContainText("Закончится, если опоздать с платежом.");
  const winter = await promotionCard(page, world, "usoseda", "winter");
  if (winter) await expect(winter).toContainText((await promotion(world, "usoseda", "winter")).from);
  await shot(page, "offers");
  await own.locator("[data-count]").click();
  await expect(page.locator("#promo")).toContainText("«Спасибо, что подождали» бесплатно");
  expect(await quoted(page)).toMatchObject({ total: 1_000_000, overpayment: 0, psk: "0,000" });
  await page.locator("#apply").click();
  await page.locator("#choose").click();
  await page.locator("#submit").click();
  await expect(page.locator("#application")).toHaveAttribute("data-status", "approved", { timeout: 30_000 });
  await page.locator("a[href^='/offer/']").first().click();
  await expect(page.locator("[data-special=holds]")).toContainText("Спасибо, что подождали");
  await expect(page.locator("#psk-percent")).toHaveAttribute("data-thousandths", "0");
  await expect(page.locator("tr[data-row='4']")).toContainText("255,500");
  await shot(page, "offer-at-zero");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/offers");
  await expect(page.locator("#personal [data-usable=reserved]")).toBeVisible();
  await shot(page, "offers-1280-dark");
});
