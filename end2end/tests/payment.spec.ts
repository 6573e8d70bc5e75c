// Paying: whatever the bank answers, the page says the truth and nobody is charged twice.
import { Borrower, CARDS } from "../support/borrower";
import { expectFits } from "../support/fits";
import { liveLoan, pay, paymentOf, register, untilPayment, type Borrowing } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test, type World } from "../support/world";

// A refused sum is an answer of 422, and browsers log those.
test.use({ expectedConsole: [/status of 422/] });

/** 20 000.00 at 0.8 % a day, ten days old. */
async function tenDaysOld(world: World): Promise<Borrowing> {
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  await world.sandbox.advanceDays(10);
  return borrowing;
}

async function charged(world: World): Promise<[number, number]> {
  const { payments } = (await register(world)).totals;
  return [payments.count, payments.succeeded_count];
}

test("sums that can't be paid, and payments that did not happen", async ({ page, world, shot, javaScriptEnabled }) => {
  const { client, loan, who } = await tenDaysOld(world);
  await enterAs(page, client);
  const b = new Borrower(page, world, who, javaScriptEnabled ?? true);
  const form = `/loans/${loan}/pay?what=sum`;

  await test.step("what was typed stays, the error says what to do", async () => {
    await page.goto(form);
    await expect(page.locator("#payoff")).toHaveAttribute("data-kopecks", "2160000");
    await expect(page.locator("#commission")).toHaveAttribute("data-kopecks", "0");
    for (const [typed, said] of [
      ["0", /больше нуля/],
      ["пять тысяч", /больше нуля/],
      ["21 600,01", /не больше 21.600,00.₽/],
    ] as const) {
      await page.locator("#f-amount").fill(typed);
      await b.press("#pay");
      await expect(page.locator("#f-amount-error")).toHaveText(said);
      // Thousands may be set apart by another space; nothing else changes.
      await expect(page.locator("#f-amount")).toHaveValue(new RegExp(`^${typed.replace(/\s/g, "\\s")}$`));
      await expect(page.locator("#what-sum")).toBeChecked();
    }
    await expectFits(page);
    await shot(page, "bad-sum");
    expect(await charged(world)).toEqual([0, 0]);
  });

  const failed = async (reason: string, name: string) => {
    const payment = page.locator("#payment");
    await expect(payment).toHaveAttribute("data-status", "failed", { timeout: 20_000 });
    await expect(page.locator("main")).toContainText(reason);
    await expect(page.locator("main")).toContainText("Деньги на месте");
    await expectFits(page);
    await shot(page, name);
    // The same sum is ready to be tried again.
    await page.locator("#again").click();
    await expect(page.locator("#what-sum")).toBeChecked();
    await expect(page.locator("#f-amount")).toHaveValue("5\u00a0000");
  };
  const start = async (sum: string) => {
    await page.locator("#what-sum").check();
    await page.locator("#f-amount").fill(sum);
    await b.press("#pay");
  };

  await test.step("a declined card", async () => {
    await start("5 000");
    await b.card(CARDS.declined);
    await failed("Не получилось списать деньги", "declined");
  });

  await test.step("the bank's code did not fit", async () => {
    await start("5 000");
    await b.card(CARDS.secure, "fail");
    await failed("Код подтверждения не подошёл", "secure-failed");
  });

  await test.step("back from the bank without paying", async () => {
    await start("5 000");
    await page.locator("#card-cancel").click();
    const payment = page.locator("#payment");
    await expect(payment).toHaveAttribute("data-status", "waiting");
    // The way on leads to the same payment, and nothing on the page starts another.
    await expect(page.locator("#continue")).toHaveAttribute("href", /\/checkout\//);
    await expect(page.locator("#again")).toHaveCount(0);
    await expect(page.locator("main a[href$='/pay']")).toHaveCount(0);
    await expectFits(page);
    await shot(page, "waiting");
    await page.goto(form);
    await expect(page.locator("#unfinished")).toContainText("5 000,00 ₽");
    await expect(page.locator("#f-amount")).toHaveCount(0);
    await expectFits(page);
    await shot(page, "unfinished");
    await b.press("#not-paid");
    await expect(payment).toHaveAttribute("data-status", "abandoned");
    await shot(page, "abandoned");
    await page.locator("#again").click();
    await expect(page.locator("#f-amount")).toHaveValue("5\u00a0000");
    // Nothing to type for those who pay everything.
    await page.locator("#what-payoff").check();
    await expect(page.locator("#f-amount")).toBeHidden();
  });

  await test.step("nothing was taken and nothing has changed", async () => {
    expect(await charged(world)).toEqual([3, 0]);
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "2160000");
    await expect(page.locator("#operations tr[data-kind=payment]")).toHaveCount(0);
  });
});

test("two tabs press «pay» at once, and the waiting one sees the end by itself", async ({ page, context, world, shot, javaScriptEnabled }) => {
  const { client, loan, who } = await tenDaysOld(world);
  await enterAs(page, client);
  const other = await context.newPage();
  const tabs = [page, other].map((tab) => new Borrower(tab, world, who, javaScriptEnabled ?? true));
  for (const { page: tab } of tabs) await tab.goto(`/loans/${loan}/pay?what=payoff`);
  await Promise.all(tabs.map((tab) => tab.press("#pay")));
  for (const { page: tab } of tabs) await expect(tab).toHaveURL(/\/checkout\/|\/payments\//);

  // One is with the bank, the other is shown the same payment.
  expect(await charged(world)).toEqual([1, 0]);
  const atBank = tabs.find((tab) => tab.page.url().includes("/checkout/"));
  const here = tabs.find((tab) => tab.page.url().includes("/payments/"));
  if (atBank === undefined || here === undefined) throw new Error(tabs.map((tab) => tab.page.url()).join(" "));
  await expect(here.page.locator("#payment")).toHaveAttribute("data-status", "waiting");
  await expect(here.page.locator("#continue")).toHaveAttribute("href", atBank.page.url());

  await atBank.card(CARDS.secure);
  await expect(atBank.page.locator("#payment")).toHaveAttribute("data-status", "succeeded", { timeout: 20_000 });
  await expect(here.page.locator("#payment")).toHaveAttribute("data-status", "succeeded", { timeout: 20_000 });
  expect(await charged(world)).toEqual([1, 1]);

  await test.step("the payoff closes the loan at 0.00", async () => {
    await expect(here.page.locator("#parts dd")).toHaveText(["1 600,00 ₽", "20 000,00 ₽"]);
    await shot(here.page, "paid-off");
    await here.page.locator("#to-loan").click();
    await expect(here.page.locator("#closed #debt")).toHaveAttribute("data-kopecks", "0");
    // A page of payment left open leads to the closed loan as well.
    await atBank.page.goto(`/loans/${loan}/pay`);
    await expect(atBank.page.locator("#closed")).toBeVisible();
  });
});

test("a payment whose answer was lost is being checked: the page says so, and nothing offers a second one", async ({ page, world, shot }) => {
  const borrowing = await liveLoan(world, 7, { amount: 20_000, term: 30 });
  const { client, loan } = borrowing;
  await enterAs(page, client);
  await world.sandbox.order({ on: "payments", kind: "error500_after_success", times: 0 });
  const started = await pay(borrowing, "payoff");
  await page.goto(started.location ?? "");
  await expect(page.locator("#payment")).toHaveAttribute("data-status", "unknown");
  await expect(page.locator("h1")).toContainText("Проверяем");
  await expect(page.locator("main")).toContainText("Не платите второй раз");
  await expect(page.locator("#again, #continue, #not-paid")).toHaveCount(0);
  await expectFits(page);
  await shot(page, "checking");
  // A second press, from another tab as well, comes to the same payment.
  const again = await pay(borrowing, "payoff");
  expect(again.location).toBe(started.location);
  await page.goto(`/loans/${loan}/pay`);
  await expect(page.locator("#unfinished")).toBeVisible();
  await expect(page.locator("[name=amount]")).toHaveCount(0);
  expect((await register(world)).totals.payments.count).toBe(1);
  await world.sandbox.clearFaults();
  const payment = paymentOf(started.location) ?? "";
  await untilPayment(client, payment, "waiting");
  await page.goto(started.location ?? "");
  await expect(page.locator("#continue")).toBeVisible();
});
