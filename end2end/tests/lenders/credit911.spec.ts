// Кредит 911, as its borrowers describe it: getting in, and what the pages say.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { Borrower, person } from "../../support/borrower";
import { approved, issued, liveLoan, signed } from "../../support/http";
import { atProvider, pressProvider } from "../../support/identity";
import { choice, expect, ofLender, quoted } from "../../support/lenders";
import { enterAs } from "../../support/session";

const test = ofLender("credit911", { identity: true });
const PASSWORD = "двенадцать облаков";

test("the first application is the registration; the cabinet opens only after approval, when an SMS brings the decision and a password; sign-in by e-mail + password if an e-mail was given (R12-14, R24-27)", async ({
  page,
  browser,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  const b = new Borrower(page, world, person(91), js);
  await test.step("the application is the registration", async () => {
    await page.goto(choice("short", 10_000, 20));
    await page.locator("#apply").click();
    await page.locator("#to-register").click();
    await expect(page.locator("input[type=password]")).toHaveCount(0);
    await b.registration();
    await shot(page, "register");
    await b.send("phone");
    await b.code();
    const letter = await world.sandbox.next(b.who.email, /подтвердить этот адрес/, 10_000, "email");
    const [, path = ""] = letter.text.match(/https?:\/\/[^/]+(\/\S+)/) ?? [];
    await page.goto(path);
    await b.press("main form button[type=submit]");
    await expect(page).toHaveURL(/\/email\/confirmed/);
    await page.goto("/security");
    await expect(page).toHaveURL(/\/cabinet$/);
    await expect(page.locator("#unopened")).toBeVisible();
    await shot(page, "unopened");
    await page.goto(`/apply${choice("short", 10_000, 20).slice(1)}`);
    await b.press("#choose");
    const pages = await b.questionnaire();
    expect(pages).not.toContain("person");
    await b.press("#submit");
  });
  await test.step("an SMS brings the decision and a password, and the cabinet is open", async () => {
    const message = await world.sandbox.next(b.phoneDigits, /Пароль для входа/, 20_000);
    expect(message.text).toMatch(/одобр/i);
    await expect(page.locator("#application")).toHaveAttribute("data-status", "approved", { timeout: 30_000 });
    expect((await page.goto("/security"))?.status()).toBe(200);
    await expect(page).toHaveURL(/\d\/security$/);
    const [, password = ""] = message.text.match(/входа ([a-z0-9]{10})/) ?? [];
    const context = await browser.newContext({ baseURL: world.url, javaScriptEnabled: js, locale: "ru-RU" });
    const other = new Borrower(await context.newPage(), world, b.who, js);
    await world.sandbox.advanceSeconds(61);
    await other.page.goto("/login");
    await other.page.locator("#f-email").fill(b.who.email);
    await other.page.locator("#f-password").fill(password);
    await other.send("password");
    // A device never seen before gets a code besides.
    await other.code();
    await expect(other.page).toHaveURL(/\/password\/new/);
    await shot(other.page, "first-password");
    await other.page.locator("#f-password").fill(PASSWORD);
    await other.send("password");
    await expect(other.page).not.toHaveURL(/\/password|\/login|\/proof/);
    await context.clearCookies({ name: "__Host-session" });
    await other.page.goto("/login");
    await other.page.locator("#f-email").fill(b.who.email);
    await other.page.locator("#f-password").fill(PASSWORD);
    await other.send("password");
    await expect(other.page).not.toHaveURL(/\/login|\/proof/);
    await context.close();
  });
});

test("3 000–30 000 ₽, 7–30 days, 0.8 %", async ({ page, shot }) => {
  await page.goto(choice("short", 10_000, 20));
  expect(await quoted(page)).toEqual({ total: 1_160_000, overpayment: 160_000, psk: "292,000" });
  await page.goto("/");
  await shot(page, "landing");
});

test("hotline; WhatsApp; a section of questions and answers (R77-78, R80)", async ({ page, shot }) => {
  await page.goto("/help");
  await expect(page.locator("#contacts a[href='tel:88001005757']").first()).toHaveText(/8.800.100-57-57/);
  await expect(page.locator("#contacts a[href='https://wa.me/79000000911']")).toBeVisible();
  const questions = page.locator("#questions details");
  await expect(questions).toHaveCount(3);
  await questions.first().locator("summary").click();
  await expect(questions.first().locator("p")).toBeVisible();
  await shot(page, "help");
});

test("the promise on data use (R75)", async ({ page }) => {
  const promise = "Данные нужны только для проверки кредитной истории.";
  await page.goto("/help");
  await expect(page.locator("#data-promise")).toContainText(promise);
  await page.goto(`/apply${choice("short", 10_000, 20).slice(1)}`);
  await expect(page.locator("#data-promise")).toContainText(promise);
});

test("paying inside the cabinet is not offered: the page gives the reference and steps for the bank's online application and terminals, with the exact sum for a date; a register of such payments is imported and posted (R53-54)", async ({
  page,
  world,
  shot,
}) => {
  const { client, loan } = await liveLoan(world, 1, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await world.sandbox.advanceDays(5);
  await page.goto("/cabinet");
  await expect(page.locator("#how-to-pay")).toHaveAttribute("href", `/loans/${loan}/pay`);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#payoff")).toHaveCount(0);
  await expect(page.locator("#prolong")).toHaveCount(0);
  await page.locator("#how-to-pay").click();
  const number = await page.locator("#reference").innerText();
  expect(number.length).toBeGreaterThan(3);
  await expect(page.locator("[data-requisite=requisite-for]")).toContainText(number);
  await expect(page.locator("[data-way=bank_app]")).toContainText("В приложении банка");
  await expect(page.locator("[data-way=terminal]")).toContainText("Чек сохраните");
  // Five days of 80 ₽; on the tenth day, ten.
  await expect(page.locator("#outside #payoff")).toHaveAttribute("data-kopecks", String(1_000_000 + 5 * 8_000));
  const today = (await page.locator("#outside").getAttribute("data-date")) ?? "";
  const later = new Date(Date.parse(today) + 5 * 86_400_000).toISOString().slice(0, 10);
  await page.locator("#f-on").fill(later);
  await page.locator("#date-form button").click();
  await expect(page.locator("#outside")).toHaveAttribute("data-date", later);
  await expect(page.locator("#outside #payoff")).toHaveAttribute("data-kopecks", String(1_000_000 + 10 * 8_000));
  await shot(page, "how-to-pay");
  await expect(page.locator("#qr svg")).toHaveAttribute("data-text", new RegExp(`Contract=${number}\\|`));
  // What was paid at a terminal comes with the register, on its own date.
  const file = join(mkdtempSync(join(tmpdir(), "register-")), "register.csv");
  const [year, month, day] = today.split("-");
  const line = `${day}-${month}-${year};10-15-00;1;1;900;${number};;;;1000,00;990,00;10,00`;
  writeFileSync(file, `${line}\n=1;1000,00;990,00;10,00;1;${day}-${month}-${year}\n`);
  const imported = await world.kopeck("import", "register", file);
  expect(imported.output).toContain("posted: 1 (1000.00)");
  expect((await world.kopeck("import", "register", file)).output).toContain("posted: 0");
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("tr[data-kind=payment][data-kopecks='100000']")).toHaveCount(1);
  // Nor by a form of somebody's own.
  const refused = await client.post("payment/start", { loan, key: randomUUID(), what: "payoff", amount: "" });
  expect(refused.status).toBe(409);
});

test("accounts of social networks are linked in settings and then sign in with one click: VK and a second icon shown, more providers behind «ещё» (R30)", async ({
  javaScriptEnabled,
  page,
  context,
  world,
  shot,
}) => {
  const js = javaScriptEnabled ?? true;
  await page.goto("/login");
  const offered = page.locator("#identity");
  await expect(offered.getByRole("button", { name: "VK ID" })).toBeVisible();
  await expect(offered.getByRole("button", { name: "T-ID" })).toBeVisible();
  await expect(offered.getByRole("button", { name: "Сбер ID" })).toBeHidden();
  await offered.locator("summary").click();
  await expect(offered.getByRole("button", { name: "Сбер ID" })).toBeVisible();
  await shot(page, "sign-in");
  await pressProvider(page, "VK ID", js);
  await atProvider(page, "70042");
  await expect(page.locator("main")).toContainText("ещё не привязан");
  // The settings are a part of the cabinet, which an approval opens.
  const { client } = await approved(world, 42, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await context.addCookies([
    { name: "__Host-device", value: client.device ?? "", url: client.url.replace("http:", "https:"), httpOnly: true, secure: true, sameSite: "Lax" },
  ]);
  await page.goto("/security");
  await pressProvider(page, "Привязать VK ID", js);
  await expect(page.locator("#accounts [data-linked]")).toContainText("VK ID");
  await shot(page, "security");
  await context.clearCookies({ name: "__Host-session" });
  await page.goto("/login?next=/security");
  await pressProvider(page, "VK ID", js);
  await expect(page).toHaveURL(/\d\/security$/);
});

test("a repeat application changes only what changed (R41)", async ({ page, world, shot }) => {
  const { client, loan } = await liveLoan(world, 15, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  await world.sandbox.advanceDays(5);
  await page.goto(`/loans/${loan}/pay`);
  const number = await page.locator("#reference").innerText();
  const [year, month, day] = ((await page.locator("#outside").getAttribute("data-date")) ?? "").split("-");
  const file = join(mkdtempSync(join(tmpdir(), "register-")), "register.csv");
  const line = `${day}-${month}-${year};10-15-00;1;1;915;${number};;;;10400,00;10296,00;104,00`;
  writeFileSync(file, `${line}\n=1;10400,00;10296,00;104,00;1;${day}-${month}-${year}\n`);
  expect((await world.kopeck("import", "register", file)).output).toContain("posted: 1 (10400.00)");
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "0");
  await world.sandbox.advanceDays(5);
  await page.goto(`/apply${choice("short", 12_000, 15).slice(1)}`);
  await page.locator("#choose").click();
  await expect(page).toHaveURL(/\/apply\/review/);
  await page.locator('a[href="/apply/work"]').click();
  await expect(page.locator("#f-employer")).toHaveValue("ООО «Ромашка»");
  await page.locator("#f-income").fill("95 000");
  await page.locator("main form button[type=submit]").first().click();
  await expect(page).toHaveURL(/\/apply\/review/);
  await expect(page.locator("main")).toContainText(/95.000/);
  await shot(page, "repeat-review");
  await page.locator("#submit").click();
  await expect(page.locator("#application")).toHaveAttribute("data-status", "approved", { timeout: 30_000 });
});

test("public documents in PDF (R74)", async ({ page, world, shot }) => {
  await page.goto("/");
  await page.locator("footer a[href='/public']").click();
  const links = page.locator("main a[href*='/files/'], main a[href$='.pdf']");
  const paths = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href") ?? ""));
  expect(paths.length).toBeGreaterThanOrEqual(3);
  for (const path of paths) {
    const file = await fetch(world.url + path);
    expect(file.headers.get("content-type"), path).toBe("application/pdf");
    expect(Buffer.from(await file.arrayBuffer()).subarray(0, 5).toString(), path).toBe("%PDF-");
  }
  await expect(page.locator("main")).toContainText("Номер в реестре");
  await shot(page, "public");
});

test("browser only: nothing offers to install the cabinet (R2)", async ({ page, world }) => {
  for (const path of ["/", "/login", "/help"]) {
    await page.goto(path);
    await expect(page.locator("link[rel=manifest]"), path).toHaveCount(0);
    await expect(page.locator("#install, [data-install]"), path).toHaveCount(0);
  }
  expect((await fetch(`${world.url}/manifest.webmanifest`)).status).toBe(404);
});

test("a card or e-wallet is linked only to receive money (R44)", async ({ page, world, shot }) => {
  const offered = await approved(world, 14, { amount: 10_000, term: 20 });
  await enterAs(page, offered.client);
  await page.goto(`/offer/${offered.contract}/way`);
  await expect(page.locator("#way-account, #way-sbp")).toHaveCount(0);
  await page.locator("#f-wallet").fill("5500 1234 5678 901");
  await page.locator("#way-wallet button").click();
  await expect(page.locator("#f-wallet-error")).toContainText("4100");
  await page.locator("#f-wallet").fill("4100 1234 5678 901");
  await page.locator("#way-wallet button").click();
  await expect(page).toHaveURL(new RegExp(`/offer/${offered.contract}$`));
  const wallet = page.locator("label", { hasText: "Кошелёк ЮMoney •• 8901" }).locator("[name=card]");
  const tool = (await wallet.getAttribute("value")) ?? "";
  await shot(page, "wallet");
  await signed(world, offered, tool);
  const loan = await issued(offered);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("tr[data-kind=disbursement]")).toContainText("8901");
  // It receives and pays nothing.
  await expect(page.locator("#autopay")).toHaveCount(0);
  const paid = await offered.client.post("payment/start", { loan, key: randomUUID(), what: "payoff", card: tool });
  expect(paid.status).toBe(409);
});

test("Help: a form in the header and as an orange tab at the right edge, contact details + question, answered in queue order, position shown; hotline; WhatsApp; a section of questions and answers (R76-80)", async ({
  page,
  shot,
}) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto("/");
  await expect(page.locator("#to-feedback")).toBeVisible();
  const tab = page.locator("#ask-tab");
  const box = await tab.boundingBox();
  expect(Math.round((box?.x ?? 0) + (box?.width ?? 0))).toBe(await page.evaluate(() => document.documentElement.clientWidth));
  const [red = 0, green = 0, blue = 0] = await tab.evaluate((one) =>
    (getComputedStyle(one).backgroundColor.match(/\d+/g) ?? []).map(Number),
  );
  expect(red > 220 && green > 100 && green < 180 && blue < 80, `${red} ${green} ${blue}`).toBe(true);
  await shot(page, "ask-tab");
  // On a phone it has a row of its own: it lies on nothing.
  await page.setViewportSize({ width: 360, height: 780 });
  const small = await tab.boundingBox();
  const main = await page.locator("#main").boundingBox();
  expect(Math.round((small?.x ?? 0) + (small?.width ?? 0))).toBe(360);
  expect((small?.y ?? 0) + (small?.height ?? 1e9)).toBeLessThanOrEqual(main?.y ?? 0);
  await shot(page, "ask-tab-360");
  await page.setViewportSize({ width: 1280, height: 900 });
  await tab.click();
  await expect(page).toHaveURL(/\/feedback$/);
  for (const place of [0, 1]) {
    await page.goto("/feedback");
    await page.locator("#f-name").fill("Мария");
    await page.locator("#f-text").fill("Можно ли взять займ без прописки?");
    await page.locator("#feedback button").click();
    await expect(page.locator("#f-contact-error")).toContainText("телефон или почту");
    await expect(page.locator("#f-text")).toHaveValue("Можно ли взять займ без прописки?");
    await page.locator("#f-contact").fill("+7 900 555-11-2" + String(place));
    await page.locator("#feedback button").click();
    await expect(page).toHaveURL(/\/feedback\/sent$/);
    await expect(page.locator("#ahead")).toHaveAttribute("data-ahead", String(place));
  }
  await shot(page, "feedback-sent");
  await page.goto("/help");
  for (const text of ["Телефон", "WhatsApp"]) await expect(page.locator("#contacts")).toContainText(text);
  await page.locator("#f-q").fill("реестр");
  await page.locator("#search button").click();
  await expect(page.locator("#questions details")).toHaveCount(1);
  await shot(page, "help-found");
  await page.goto("/help?q=динозавр");
  await expect(page.locator("#nothing-found")).toBeVisible();
});
