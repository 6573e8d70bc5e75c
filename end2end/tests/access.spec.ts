// Getting in: a phone in any spelling, the code from the SMS, what a wrong one costs, and the way out.
import { type Page } from "@playwright/test";
import { Borrower, person } from "../support/borrower";
import { expect, test } from "../support/world";

/** A wrong code for the right one. */
const spoilt = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, "0");

const error = (page: Page, field: string) => page.locator(`#f-${field}-error`);

test.use({ expectedConsole: [/status of 4(22|29)/] });

test("a phone is understood in any spelling, and a wrong one says what is needed", async ({ page, world, shot, javaScriptEnabled }) => {
  const b = new Borrower(page, world, person(1), javaScriptEnabled ?? true);
  const send = async (typed: string) => {
    const field = page.locator("#f-phone");
    await b.live(field);
    await field.fill("");
    await field.focus();
    // As a paste does: whole and at once.
    await page.keyboard.insertText(typed);
    await b.press("form:has(#f-phone) button[type=submit]");
  };

  await page.goto("/login");
  for (const wrong of ["12345", "+7 495 123-45-67", "+375 29 123-45-67", "телефон"]) {
    await send(wrong);
    await expect(error(page, "phone")).toContainText("+7 и ещё десять цифр");
    await expect(page.locator("#f-phone")).toHaveValue(wrong);
    await expect(page.locator("#f-phone")).toHaveAttribute("aria-invalid", "true");
  }
  await shot(page, "phone-wrong");
  await send("");
  await expect(error(page, "phone")).toContainText("Заполните это поле");

  const spellings = [
    ["8 (900) 123-45-67", "79001234567"],
    ["+7 900 123 45 68", "79001234568"],
    ["  7\u00a0900\u00a0123\u00a04569 ", "79001234569"],
    ["9001234570", "79001234570"],
    ["8900-123-45-71", "79001234571"],
  ] as const;
  for (const [typed, digits] of spellings) {
    await page.goto("/login");
    await send(typed);
    await expect(page).toHaveURL(/\/login\/code/);
    // The whole number is nobody's business but its owner's.
    await expect(page.locator("main")).toContainText(new RegExp(`${digits.slice(-4, -2)}-${digits.slice(-2)}`));
    await expect(page.locator("main")).not.toContainText(digits.slice(1, 7));
    expect(await world.sandbox.sms(digits)).toMatch(/^\d{6}$/);
  }
});

test("a wrong code costs a try, a spent one is replaced, and the right one opens the page that was asked for", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const b = new Borrower(page, world, person(2), javaScriptEnabled ?? true);
  const enter = async (code: string) => {
    await page.locator("#f-code").fill(code);
    await b.press("form:has(#f-code) button[type=submit]");
  };
  const resend = page.getByRole("button", { name: "Прислать новый код" });

  await page.goto("/application");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.locator("#f-phone").fill(b.who.phone);
  await b.press("form:has(#f-phone) button[type=submit]");
  await expect(page).toHaveURL(/\/login\/code/);
  const message = await world.sandbox.next(b.phoneDigits, /код/i);
  const code = message.text.slice(-6);
  // The last line is what a browser fills in by itself.
  expect(message.text).toMatch(/\n@[a-z.]+ #\d{6}$/);

  const field = page.locator("#f-code");
  await expect(field).toHaveAttribute("autocomplete", "one-time-code");
  await expect(field).toHaveAttribute("inputmode", "numeric");
  await expect(page.locator("#f-code-hint")).toContainText("Осталось 3 попытки");

  await test.step("before its minute a new code is not sent", async () => {
    if (b.js) {
      await expect(page.locator("main")).toContainText(/Новый код — через 0:[0-5]\d/);
      await expect(resend).toBeHidden();
    } else {
      await expect(page.locator("main")).toContainText("Новый код — после");
      await resend.click();
      await expect(page.locator("main")).toContainText("через минуту после прошлого. Прошлый ещё действует");
    }
  });

  await enter("12");
  await expect(error(page, "code")).toContainText("шесть цифр");
  for (const [by, said] of [
    [1, "Осталось 2 попытки"],
    [2, "Осталась 1 попытка"],
  ] as const) {
    await enter(spoilt(code, by));
    await expect(error(page, "code")).toContainText(`Код не подошёл, проверьте цифры. ${said}`);
    // Not said twice, and not with another number.
    await expect(page.locator("#f-code-hint")).toBeHidden();
  }
  await shot(page, "code-wrong");
  await enter(spoilt(code, 3));
  await expect(error(page, "code")).toContainText("Запросите новый");
  await enter(code);
  await expect(error(page, "code")).toContainText("Этот код больше не действует. Запросите новый");
  await shot(page, "code-used-up");

  await test.step("a new code after a minute, and nothing left of the old errors", async () => {
    await world.sandbox.advanceSeconds(61);
    await page.reload();
    await expect(resend).toBeVisible();
    await b.live(resend);
    await resend.click();
    await expect(page.locator("#f-code-hint")).toContainText("Осталось 3 попытки");
    await expect(error(page, "code")).toBeHidden();
    await expect(field).toHaveValue("");
  });

  await test.step("it lives five minutes", async () => {
    const late = await world.sandbox.sms(b.phoneDigits);
    await world.sandbox.advanceSeconds(301);
    await enter(late);
    await expect(error(page, "code")).toContainText("Код устарел");
    // The same phone typed once more: a fresh page, without what was wrong before.
    await page.getByRole("link", { name: "Другой номер" }).click();
    await page.locator("#f-phone").fill(b.who.phone);
    await b.press("form:has(#f-phone) button[type=submit]");
    await expect(page).toHaveURL(/\/login\/code/);
    await expect(error(page, "code")).toBeHidden();
  });

  const right = await world.sandbox.sms(b.phoneDigits);
  await enter(right);
  // Nothing is filed yet, so the page that was asked for leads on to the calculator.
  await expect(page).toHaveURL(/127\.0\.0\.1:\d+\/(\?.*)?$/);

  await test.step("signed in: no second sign-in; signed out: nothing is open", async () => {
    await page.goto("/login");
    await expect(page).toHaveURL(/\/cabinet/);
    await page.locator("#sign-out").click();
    await expect(page).toHaveURL(/127\.0\.0\.1:\d+\/$/);
    await page.goto("/cabinet");
    await expect(page).toHaveURL(/\/login\?next=\/cabinet/);
  });
});
