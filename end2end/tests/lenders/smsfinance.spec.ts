// СМСФинанс, as its borrowers describe it: getting in, and what the pages say.
import { violationsInBothThemes } from "../../support/axe";
import { CARDS, person } from "../../support/borrower";
import {
  approved,
  attribute,
  Client,
  liveLoan,
  onHostedPage,
  payPage,
  refusal,
  registered,
  untilPayment,
} from "../../support/http";
import { choice, expect, ofLender, paid, quoted } from "../../support/lenders";
import { scanned } from "../../support/qr";
import { enterAs } from "../../support/session";
import { atWork, hired, looked } from "../../support/staff";
import { promotionCard } from "../../support/promotions";

const test = ofLender("smsfinance", { identity: true });

const PASSWORD = "двенадцать облаков";

test("«Войти» top right: phone + a password made up at registration; surname, name, patronymic, birth date, sex, passport, phone; a picture code at the end (with an accessible alternative), then «Зарегистрироваться» (R3, R14-15, R26-27)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const b = borrower(person(61));
  const error = (field: string) => page.locator(`#f-${field}-error`);
  const leave = async () => {
    await page.context().clearCookies({ name: "__Host-session" });
    await world.sandbox.advanceSeconds(61);
  };
  await test.step("what is asked, a picture at the end, a question in words beside it", async () => {
    await page.goto("/");
    await page.locator("#sign-in").click();
    await page.getByRole("link", { name: "Зарегистрироваться" }).click();
    const names = await page.locator("form:has(#f-phone) [name]:not([type=hidden])").evaluateAll((fields) =>
      [...new Set(fields.map((field) => field.getAttribute("name")))],
    );
    expect(names).toEqual([
      ...["last_name", "first_name", "middle_name", "birth_date", "sex", "passport", "phone", "password", "consent", "answer"],
    ]);
    await expect(page.locator("img[alt*='Картинка']")).toBeVisible();
    await expect(page.locator("#f-answer-hint")).toContainText("?");
    await expect(page.locator("#f-last_name")).toHaveAttribute("list", "f-last_name-list");
    await expect(page.locator("#f-consent")).not.toBeChecked();
  });
  await test.step("a wrong answer to the picture keeps what was typed", async () => {
    await b.registration(PASSWORD);
    await page.locator("#f-answer").fill("0");
    await page.getByRole("button", { name: "Зарегистрироваться" }).scrollIntoViewIfNeeded();
    await b.send("answer");
    await expect(page.locator("form:has(#f-phone) [data-form-error]")).toContainText("проверка от роботов");
    await expect(page.locator("#f-passport")).toHaveValue(/4510/);
    // The field says it itself, to whoever listens as well.
    await expect(page.locator("#f-answer")).toHaveAccessibleDescription(/Введите цифры с этой картинки.*\?/);
    await shot(page, "register-picture");
  });
  await test.step("«Зарегистрироваться», the code, and nothing is asked twice", async () => {
    await page.goto("/register");
    await b.registration(PASSWORD);
    await b.send("answer");
    await b.code();
    await expect(page).not.toHaveURL(/\/login|\/register|\/password/);
    await page.goto("/profile");
    await expect(page.locator("#answers")).toContainText("Тестова");
  });
  await test.step("phone and password sign in", async () => {
    await leave();
    await page.goto("/login");
    await page.locator("#f-phone").fill(b.who.phone);
    await page.locator("#f-password").fill("не тот пароль");
    await b.send("password");
    await expect(error("password")).toContainText("не подошли");
    await page.locator("#f-password").fill(PASSWORD);
    await b.send("password");
    await expect(page).not.toHaveURL(/\/login/);
  });
});

test("«Забыли пароль» works (R28)", async ({ page, world, borrower }) => {
  const { who } = await registered(world, 64);
  await world.sandbox.advanceSeconds(61);
  const b = borrower(who);
  await page.goto("/login");
  await page.getByRole("link", { name: "Забыли пароль?" }).click();
  await page.locator("#f-login").fill(who.phone);
  await b.send("login");
  await b.code();
  // The number alone opens nothing: its owner knows the passport too.
  await b.prove();
  await expect(page).toHaveURL(/\/password\/new/);
  await page.locator("#f-password").fill(PASSWORD);
  await b.send("password");
  await expect(page).not.toHaveURL(/\/password/);
  await world.sandbox.next(b.phoneDigits, /пароль личного кабинета изменён/);
  await page.context().clearCookies({ name: "__Host-session" });
  for (const [phone, password, message] of [
    ["+7 800 000-00-00", PASSWORD, "российский мобильный номер"],
    [who.phone, "совсем не тот", "не подошли"],
  ] as const) {
    await page.goto("/login");
    await page.locator("#f-phone").fill(phone);
    await page.locator("#f-password").fill(password);
    await b.send("password");
    await expect(page.locator("form:has(#f-password)")).toContainText(message);
  }
});

test("passport and other personal data changed by the borrower in the cabinet (R38-39)", async ({ page, world, shot, borrower }) => {
  const { client, who } = await registered(world, 65, { amount: 20_000, term: 20 });
  await enterAs(page, client);
  const b = borrower(who);
  const change = async (slug: string, name: string, value: string) => {
    await page.goto("/profile");
    await page.locator(`#answers a[href="/profile/${slug}"]`).click();
    await page.locator(`#f-${name}`).fill(value);
    await b.send(name);
    await expect(page).toHaveURL(/\/profile$/);
    await expect(page.locator("#answers")).toContainText(value);
  };
  await change("work", "income", "95 000");
  await change("passport", "passport", "4610 230065");
  await page.goto("/diary");
  await expect(page.locator("#diary [data-what=edited]")).toHaveCount(2);
  await shot(page, "diary");
});

test("«Войти» top right (R3)", async ({ page, shot }) => {
  await page.goto("/");
  const enter = page.locator("#sign-in");
  await expect(enter).toHaveText("Войти");
  const box = await enter.boundingBox();
  const width = page.viewportSize()?.width ?? 0;
  expect(box && box.x + box.width > width / 2 && box.y < 120).toBe(true);
  await shot(page, "landing");
});

test("a list «what you will need» stands before the first form, which asks for no e-mail (R13)", async ({ page, shot }) => {
  await page.goto("/register");
  const needed = page.locator("#needed");
  await expect(needed).toContainText("Паспорт");
  await expect(needed).toContainText("Телефон под рукой");
  await expect(needed).toContainText("Карта на ваше имя");
  const [list, form] = await Promise.all([needed.boundingBox(), page.locator("#f-phone").boundingBox()]);
  expect(list && form && list.y < form.y).toBe(true);
  await expect(page.locator("#f-email")).toHaveCount(0);
  await shot(page, "register");
});

test("3 000–30 000 ₽ for 7–30 days at 0.8 %, and 30 000–100 000 ₽ for 3–6 calendar months at 0.5 %", async ({ page }) => {
  await page.goto(choice("short", 10_000, 30));
  expect(await quoted(page)).toEqual({ total: 1_240_000, overpayment: 240_000, psk: "292,000" });
  await page.goto(choice("short", 1_000, 3));
  await expect(page.locator("#amount-note")).toContainText(/от 3.000.₽ до 30.000.₽/);
  await page.goto(choice("monthly", 100_000, 6));
  await expect(page.locator("#calculator")).toContainText("Каждый платёж");
  const { psk } = await quoted(page);
  // Half a percent a day is 182.5 % a year; months count as twelfths, so the figure is near it, not equal.
  expect(Number(psk.replace(",", "."))).toBeGreaterThan(180);
  expect(Number(psk.replace(",", "."))).toBeLessThan(186);
  await expect(page.locator("[data-programme=monthly]")).toContainText("3–6 платежей, раз в месяц");
});

test("questions of correcting a debt go to support or the Telegram channel (R52, R78)", async ({ page }) => {
  await page.goto("/help");
  const telegram = page.locator("#contacts a[href='https://t.me/smsfinance_example']");
  await expect(telegram.first()).toBeVisible();
  await expect(page.locator("#debt-elsewhere")).toContainText("Телеграм");
});

test("prolong in the cabinet: on the due date or before, after the accrued interest is paid (R61)", async ({ page, world, borrower }) => {
  const { client, loan, who } = await liveLoan(world, 1, { amount: 10_000, term: 7 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}`);
  const due = (await page.locator("#due").getAttribute("data-date")) ?? "";
  await world.sandbox.advanceDays(7);
  await page.goto(`/loans/${loan}/prolong?days=7`);
  await expect(page.locator("#prolong-until")).toHaveAttribute("data-date", due);
  await expect(page.locator("#preview #pay-now")).toHaveAttribute("data-kopecks", String(7 * 8_000));
  await expect(page.locator("#preview #fee")).toHaveCount(0);
  const b = borrower(who);
  await b.press("#prolong-prepare");
  await b.signs();
  await page.waitForURL(/\/tbank\/pay\//);
  await b.card(CARDS.plain);
  await paid(page);
  await page.goto(`/loans/${loan}`);
  const later = new Date(Date.parse(due) + 7 * 86_400_000).toISOString().slice(0, 10);
  await expect(page.locator("#due")).toHaveAttribute("data-date", later);
  await world.sandbox.advanceDays(8);
  await page.goto(`/loans/${loan}/prolong?days=7`);
  await expect(page.locator("#no-prolong")).toBeVisible();
  await expect(page.locator("main")).toContainText("Продлить можно было до");
});

test("see dates and sums ahead, pay by a card or by SBP; both are taken by T-Bank (R48-49, R54)", async ({ page, world, shot }) => {
  // The card was bound and the money came by the same acquirer.
  const { client, loan } = await liveLoan(world, 7, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await world.sandbox.advanceDays(3);
  await page.goto(`/loans/${loan}/pay`);
  await expect(page.locator("#method-card")).toBeChecked();
  await expect(page.locator("#method-wallet")).toHaveCount(0);
  await shot(page, "pay");
  await page.locator("#what-sum").check();
  await page.locator("#f-amount").fill("1000");
  await page.locator("#pay").click();
  await page.waitForURL(/\/tbank\/pay\//);
  await page.locator("#card-number").fill("4111111111111111");
  await page.locator("#card-exp").fill("12/30");
  await page.locator("#card-cvc").fill("123");
  await page.locator("#card-pay").click();
  await page.locator("#tds-code").fill("123456");
  await page.locator("#tds-confirm").click();
  await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded");

  // A phone gets the link of the bank's application, a desktop the code.
  await page.goto(`/loans/${loan}/pay`);
  await page.locator("#what-payoff").check();
  await page.locator("#method-sbp").check();
  await page.locator("#pay").click();
  await page.waitForURL(/\/payments\//);
  await expect(page.locator("#qr")).toBeHidden();
  await shot(page, "sbp-phone");
  const address = (await page.locator("#continue").getAttribute("href")) ?? "";
  await page.setViewportSize({ width: 1280, height: 900 });
  await expect(page.locator("#qr")).toBeVisible();
  await expect(page.locator("#qr svg")).toHaveAttribute("data-text", address);
  // The exact sum, and until when the code can be paid: an hour from now.
  const hour = new Date((await world.sandbox.now()).getTime() + 3_600_000);
  const clock = new Intl.DateTimeFormat("ru-RU", { timeZone: "Europe/Moscow", hour: "2-digit" }).format(hour);
  await expect(page.locator("#sbp-until")).toHaveText(new RegExp(`₽ уже в коде.*до \\d+.[а-я]+, ${clock}:\\d\\d`));
  expect(await scanned(page.locator("#qr svg"))).toBe(address);
  await shot(page, "sbp-desktop");
  await page.locator("#continue").click();
  await page.locator("#sbp-pay").click();
  await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded");
  await expect(page.locator("#to-certificate")).toBeVisible();
  const today = (await world.sandbox.now()).toISOString().slice(0, 10);
  const day = await world.kopeck("reconcile", "--date", today);
  expect(day.output).toContain("difference: 0.00");
  expect(day.code).toBe(0);
});

test("choose how to get the money: a linked card or its account (R44)", async ({ page, world, shot }) => {
  const offered = await approved(world, 9, { amount: 10_000, term: 20 });
  await enterAs(page, offered.client);
  await page.goto(`/offer/${offered.contract}`);
  await expect(page.locator("#add-card")).toBeVisible();
  await page.locator("#other-way").click();
  await expect(page.locator("#way-account")).toBeVisible();
  await expect(page.locator("#way-sbp, #way-wallet")).toHaveCount(0);
  await page.locator("#f-account").fill("40817810500000000007");
  await page.locator("#f-bic").fill("044525225");
  await page.locator("#way-account button").click();
  await expect(page.locator("label", { hasText: "Счёт •• 0007" })).toBeVisible();
  await expect(page.locator("#add-card")).toBeVisible();
  await shot(page, "ways-out");
});

// The last of this file: its world's clock goes far.
test("messages for technical works in progress: told ahead, then the last known debt, its date and how to pay (R31)", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const { client, loan } = await liveLoan(world, 70, { amount: 12_000, term: 20 });
  await enterAs(page, client);
  await page.goto(`/loans/${loan}`);
  const due = (await page.locator("#due").getAttribute("data-date")) ?? "";
  const owed = (await page.locator("#debt").innerText()).replace(/\s/g, "");
  const moscow = async (minutes: number) =>
    new Date((await world.sandbox.now()).getTime() + (180 + minutes) * 60_000).toISOString().slice(0, 16);
  const [from, until] = [await moscow(60), await moscow(180)];
  const announced = await world.kopeck("works", "announce", "--from", from, "--until", until);
  expect(announced.code, announced.output).toBe(0);
  const bar = page.locator("#works");

  await test.step("ahead, every page tells of it, and everything works", async () => {
    await expect(async () => {
      await page.goto("/cabinet");
      await expect(bar).toHaveAttribute("data-works", "ahead", { timeout: 500 });
    }).toPass();
    await expect(bar).toContainText(from.slice(11));
    await expect(bar).toContainText(until.slice(11));
    await shot(page, "works-ahead-cabinet");
    await bar.getByRole("link").click();
    await expect(page.getByRole("heading", { name: "Скоро технические работы" })).toBeVisible();
    await page.goto("/");
    await expect(bar).toBeVisible();
    expect((await client.post("payment/start", {})).status).not.toBe(503);
  });

  await world.sandbox.advanceSeconds(61 * 60);

  await test.step("under way, pages are read and show the debt, its date and how to pay", async () => {
    await page.goto("/cabinet");
    await expect(bar).toHaveAttribute("data-works", "now");
    await page.goto(`/loans/${loan}/transfer`);
    await expect(page.locator("#reference")).toBeVisible();
    await page.goto("/works");
    await expect(page.locator("#due")).toHaveAttribute("data-date", due);
    expect((await page.locator("#debt").innerText()).replace(/\s/g, "")).toBe(owed);
    await expect(page.locator("#requisites")).toContainText("40701810900000000003");
    await expect(page.locator("#qr svg")).toBeVisible();
    await shot(page, "works-now");
    if (javaScriptEnabled) expect(await violationsInBothThemes(page)).toEqual([]);
  });

  await test.step("what would change something waits, and says until when", async () => {
    const refused = await client.post("payment/start", {});
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60 * 60);
    expect(refusal(refused)).toMatchObject({ code: "unavailable", reason: "works" });
    await page.goto(`/loans/${loan}/pay?what=sum`);
    if (javaScriptEnabled) await expect(page.locator("form:has(#f-amount)")).toHaveAttribute("data-live", "");
    await page.locator("#f-amount").fill("500");
    await page.locator("form:has(#f-amount) button[type=submit]").last().click();
    const said = javaScriptEnabled ? page.locator("form:has(#f-amount)") : page.locator("main");
    await expect(said).toContainText(`до ${until.slice(8, 10).replace(/^0/, "")}`);
    // What was typed is still there, or the page tells how to pay in another way.
    if (javaScriptEnabled) await expect(page.locator("#f-amount")).toHaveValue(/500/);
    else await expect(page.locator("#debt")).toBeVisible();
    await page.context().clearCookies();
    await page.goto("/login");
    await expect(bar).toHaveAttribute("data-works", "now");
    await page.goto("/works");
    await expect(page.locator("#stranger")).toBeVisible();
    await shot(page, "works-stranger");
  });

  await test.step("ended sooner than was thought", async () => {
    const [, id = ""] = announced.output.match(/^(\S+) from/) ?? [];
    expect((await world.kopeck("works", "list")).output).toContain(`${id} from ${from} until ${until} (under way)`);
    expect((await world.kopeck("works", "cancel", id)).code).toBe(0);
    await expect(async () => {
      await page.goto("/login");
      await expect(bar).toHaveCount(0, { timeout: 500 });
    }).toPass();
    expect((await world.kopeck("works", "list")).output).toContain("no works are announced");
  });
});

test("ask a specialist a question and get the answer there; Telegram channel (R76, R78)", async ({
  browser,
  page,
  world,
  shot,
}) => {
  test.setTimeout(180_000);
  const { client } = await liveLoan(world, 72, { amount: 10_000, term: 30 });
  await enterAs(page, client);
  await page.goto("/help");
  await expect(page.locator("#contacts a[href^='https://t.me/']").first()).toBeVisible();
  await page.locator("#to-chat").click();
  await expect(page.locator("#hours")).toContainText("с 9:00 до 21:00 по Москве");
  await page.locator("#say textarea").fill("Можно ли заплатить раньше?");
  await page.locator("#say button").click();
  await expect(page.locator("#lines .mine")).toHaveCount(1);
  const staff = await atWork(browser, world, await hired(world, "olga", "Ольга", "support"));
  await staff.goto("/staff/chats");
  await staff.locator("[data-queue] tbody a").click();
  await staff.locator("#take button").click();
  await staff.locator("#answer textarea").fill("Да, в любой день, проценты только за прошедшие дни.");
  await staff.locator("#answer button").click();
  await expect(staff.locator("#lines .mine")).toHaveCount(1);
  await page.reload();
  await expect(page.locator("#lines .theirs")).toContainText("в любой день");
  await shot(page, "chat");
  await staff.context().close();
});

test("bonuses are announced in the cabinet (R69-70)", async ({ page, world, shot }) => {
  const borrowing = await liveLoan(world, 73, { amount: 20_000, term: 30 });
  await enterAs(page, borrowing.client);
  await world.sandbox.advanceDays(10);
  await test.step("what they are for stands there before there are any", async () => {
    await page.goto("/bonuses");
    await expect(page.locator("#bonuses")).toHaveAttribute("data-kopecks", "0");
    await expect(page.locator("#bonus-rules")).toContainText("10 %");
    await shot(page, "bonuses");
  });
  await test.step("a tenth of the interest comes back, and the first page says so", async () => {
    const { page: hosted, payment } = await payPage(borrowing, "1600");
    await onHostedPage(hosted, CARDS.plain);
    await untilPayment(borrowing.client, payment, "succeeded");
    await borrowing.client.until("/bonuses", (it) => attribute(it.body, "bonuses", "data-kopecks") === "16000", 60_000);
    await page.goto("/cabinet");
    await expect(page.locator("#bonus-card")).toContainText("160,00 ₽");
    await shot(page, "bonus-card");
  });
});

test("special terms are announced in the cabinet (R69)", async ({ page, world, shot }) => {
  const { client } = await registered(world, 291, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await page.goto("/offers");
  const back = await promotionCard(page, world, "smsfinance", "welcome-back");
  if (back) {
    await expect(back).toContainText("«На месяц» под 0,6 % в день вместо 0,8 % — до 10\u00a0000\u00a0₽ и до 14 дней");
    await expect(back).toContainText("Если опоздать, со следующего дня после срока пойдёт обычная ставка, 0,8 % в день.");
  }
  const ahead = await promotionCard(page, world, "smsfinance", "new-year");
  if (ahead) await expect(ahead).toContainText("без процентов");
  await shot(page, "offers");
});

test("prize draws are announced in the cabinet, for those who wish, and anybody can check them (R69)", async ({
  browser,
  page,
  world,
  shot,
}) => {
  const { client } = await registered(world, 292, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await page.goto("/cabinet");
  await expect(page.locator("#draws-card")).toContainText("Это бесплатно");
  await page.locator("#to-draws").click();
  const draw = page.locator("[data-draw=on-time]");
  await expect(draw).toHaveAttribute("data-joined", "false");
  // The rules lie open above the button, with their price in taxes.
  await expect(draw.locator("[data-rules]")).toContainText("Участие бесплатное и по желанию");
  await expect(draw.locator("[data-rules]")).toContainText("Призы до 4 000 ₽ в год налогом не облагаются");
  await shot(page, "draws");
  await draw.locator("[data-join]").click();
  await expect(draw).toHaveAttribute("data-joined", "true");
  await expect(draw.locator("[data-tickets]")).toContainText("Билетов пока нет");
  await draw.locator("[data-check] summary").click();
  const commitment = await draw.locator("[data-commitment]").innerText();
  expect(commitment).toMatch(/^[0-9a-f]{64}$/);
  await shot(page, "draws-joined");

  await test.step("the file is everybody's and names nobody", async () => {
    const stranger = new Client(world.url);
    const file = await stranger.get("/draws/on-time.json");
    expect(file.status).toBe(200);
    expect(JSON.parse(file.body)).toMatchObject({ code: "on-time", state: "open", commitment, seed: null, tickets: [], results: [] });
    expect((await stranger.get("/draws/nothing.json")).status).toBe(404);
    expect(await stranger.page("/draws")).toContain("Войти, чтобы участвовать");
  });
  await test.step("the staff see how many, and nobody's name", async () => {
    const staff = await atWork(browser, world, await hired(world, "marina", "Марина", "marketing"));
    await staff.goto("/staff/draws");
    await expect(staff.locator("[data-draw=on-time]")).toHaveAttribute("data-takers", /^[1-9]/);
    await expect(staff.locator("#waiting")).toHaveAttribute("data-count", "0");
    await staff.locator("#bar #f-contract").fill("2020-000001");
    await staff.locator("#bar #f-reason").fill("Кабинет сотрудника");
    await staff.locator("#bar button[value=bar]").click();
    await expect(staff.locator("#f-contract-error")).toContainText("Договора с таким номером нет");
    expect(await looked(staff, shot, "staff-draws")).toEqual([]);
    await staff.context().close();
  });
  await test.step("leaving takes as many presses as joining", async () => {
    await draw.locator("[data-leave]").click();
    await expect(draw).toHaveAttribute("data-joined", "false");
  });
});
