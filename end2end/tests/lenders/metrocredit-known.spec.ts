// Метрокредит: the link in the e-mail, and a password that was forgotten.
import { randomUUID } from "node:crypto";
import { person } from "../../support/borrower";
import { answers, PASSWORD, refusal, registered, signIn } from "../../support/http";
import { expect, ofLender } from "../../support/lenders";
import { askedFromOutside } from "../../support/requests";
import { enterAs } from "../../support/session";
import type { World } from "../../support/world";

const test = ofLender("metrocredit");

const NEW = "девять сосен у моря";

/** The link of a letter, as its path. */
async function linkTo(world: World, email: string, pattern: RegExp): Promise<string> {
  const letter = await world.sandbox.next(email, pattern, 10_000, "email");
  return letter.text.match(/https?:\/\/[^/]+(\/\S+)/)?.[1] ?? "";
}

test("SMS code and a link in an e-mail: no application goes before the link was opened (R14, R18)", async ({ page, world, shot, borrower }) => {
  const who = person(181);
  const b = borrower(who);
  const client = await signIn(world, who.phone);
  let next = await client.done("application/choose", { product: "short", amount: "10000", term: "20" });
  const known = new Map(Object.entries(answers(who)));
  for (let step = next.replace("/apply/", ""); known.has(step); step = next.replace("/apply/", "")) {
    next = await client.done(`profile/${step}`, known.get(step) ?? {});
    known.delete(step);
  }
  expect(next).toBe("/apply/review");
  await enterAs(page, client);
  await page.goto("/apply/review");
  await expect(page.locator("#email-first")).toContainText(who.email);
  await expect(page.locator("#submit")).toHaveCount(0);
  await shot(page, "email-first");
  const refused = await client.post("application/submit", { key: randomUUID() });
  expect([refused.status, refusal(refused).reason]).toEqual([409, "email_first"]);
  await test.step("the letter may be sent again, and its link opens the way", async () => {
    await linkTo(world, who.email, /подтвердить этот адрес/);
    await page.locator("#email-again button").click();
    await expect(page.locator("p.toast")).toContainText("Письмо отправлено");
    await page.goto(await linkTo(world, who.email, /подтвердить этот адрес/));
    await b.press("main form button[type=submit]");
    await expect(page.locator("h1")).toHaveText("Почта подтверждена");
    await page.goto("/apply/review");
    await expect(page.locator("#email-first")).toHaveCount(0);
  });
});

test("sign-in: phone, confirmed, then password; «Забыли пароль?» by phone or by e-mail (R26-28)", async ({ page, world, shot, borrower }) => {
  const { who, phone } = await registered(world, 182, { amount: 10_000, term: 20 });
  const b = borrower(who);
  const signsIn = async (password: string) => {
    await page.context().clearCookies();
    await world.sandbox.advanceSeconds(61);
    await page.goto("/login");
    await expect(page.locator("input[type=password]")).toHaveCount(0);
    await page.locator("#f-phone").fill(who.phone);
    await b.send("phone");
    await b.code();
    await expect(page).toHaveURL(/\/proof/);
    await page.locator("#f-password").fill(password);
    await b.send("password");
  };
  await test.step("phone, confirmed, then password", async () => {
    await signsIn("не тот пароль");
    await expect(page.locator("#f-password-error")).toContainText("не подошёл");
    await page.locator("#f-password").fill(PASSWORD);
    await b.send("password");
    await expect(page).not.toHaveURL(/\/proof|\/login/);
  });
  await test.step("«Забыли пароль?» by phone: the code, the passport's tail, a new password", async () => {
    await page.context().clearCookies();
    await world.sandbox.advanceSeconds(61);
    await page.goto("/login");
    await page.getByRole("link", { name: "Забыли пароль?" }).click();
    await expect(page.locator("main")).toContainText("Пришлём код на телефон или ссылку на почту");
    await page.locator("#f-login").fill(who.phone);
    await b.send("login");
    await b.code();
    await b.prove();
    await expect(page).toHaveURL(/\/password\/new/);
    await page.locator("#f-password").fill(NEW);
    await page.locator("#f-repeat").fill(NEW);
    await b.send("password");
    await expect(page).not.toHaveURL(/\/password/);
    await world.sandbox.next(phone, /пароль личного кабинета изменён/);
    await world.sandbox.next(who.email, /пароль личного кабинета изменён/, 10_000, "email");
    await signsIn(NEW);
    await expect(page).not.toHaveURL(/\/proof|\/login/);
  });
  await test.step("«Забыли пароль?» by e-mail: the link, the passport's tail, a new password, and the old one is dead", async () => {
    await page.context().clearCookies();
    await page.goto("/password/forgot");
    await page.locator("#f-login").fill(who.email);
    await b.send("login");
    await expect(page).toHaveURL(/\/password\/sent/);
    await shot(page, "letter-sent");
    const link = await linkTo(world, who.email, /\/password\/link/);
    await page.goto(link);
    await page.locator("#f-tail").fill("0000");
    await page.locator("#f-password").fill(PASSWORD);
    await page.locator("#f-repeat").fill(PASSWORD);
    await b.send("tail");
    await expect(page.locator("#f-tail-error")).toBeVisible();
    await page.locator("#f-tail").fill(who.passport.slice(-4));
    await page.locator("#f-password").fill(PASSWORD);
    await page.locator("#f-repeat").fill(PASSWORD);
    await b.send("tail");
    await expect(page).toHaveURL(/\/login/);
    await world.sandbox.next(phone, /пароль личного кабинета изменён/);
    await page.goto(link);
    await expect(page.locator("#f-password"), "a link works once").toHaveCount(0);
    await signsIn(NEW);
    await expect(page.locator("#f-password-error")).toContainText("не подошёл");
    await page.locator("#f-password").fill(PASSWORD);
    await b.send("password");
    await expect(page).not.toHaveURL(/\/proof|\/login/);
  });
});

test("lost phone and no e-mail: a specialist, hours 7:00–22:00 shown with the time zone (R26-28, R77)", async ({ page, world, shot, borrower }) => {
  const { who } = await registered(world, 183, { amount: 10_000, term: 20 });
  const b = borrower(who);
  await page.goto("/password/forgot");
  await expect(page.locator("main")).toContainText(/Специалист поможет: .*с 7:00 до 22:00 по Москве/);
  await shot(page, "forgot");
  await page.goto("/help");
  await expect(page.locator("#hours")).toHaveText("Отвечаем ежедневно с 7:00 до 22:00 по Москве.");
  await expect(page.locator("#contacts a[href='tel:+78124580980']").first()).toHaveText(/\(812\).458-09-80/);
  await test.step("the specialist's page is one press from signing in: the request by the old number and the passport", async () => {
    await page.goto("/login");
    await expect(page.locator("#phone-changed")).toHaveAttribute("href", "/phone-change");
    await page.goto("/phone-change");
    await expect(page.locator("#phone-rules")).toContainText("с 7:00 до 22:00 по Москве");
    await askedFromOutside(b, "+79005550183");
  });
});
