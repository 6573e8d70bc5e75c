// The money does not reach the card: nothing is lost, nothing is owed, another card is one press away.
import { Borrower, CARDS } from "../support/borrower";
import { expectFits } from "../support/fits";
import { approved, bindCard, noon, register, signed } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

// A bank that nobody chose is an answer of 422, and browsers log those.
test.use({ expectedConsole: [/status of 422/] });

test("a refused payout leaves the contract unissued, another card takes it", async ({ page, world, shot, javaScriptEnabled }) => {
  await noon(world);
  const offered = await approved(world, 1);
  const refusing = await bindCard(offered, CARDS.payoutRefused);
  await signed(world, offered, refusing);
  await enterAs(page, offered.client);
  const b = new Borrower(page, world, offered.who, javaScriptEnabled ?? true);

  await test.step("the page waits by itself, then says what happened", async () => {
    await page.goto(`/offer/${offered.contract}`);
    await expect(page.locator("#payout")).toHaveAttribute("data-status", "failed", { timeout: 20_000 });
    const main = page.locator("main");
    await expect(main).toContainText("Деньги не дошли");
    await expect(main).toContainText("Проценты не начисляются");
    await expect(main).toContainText("подписывать заново не нужно");
    await expectFits(page);
    await shot(page, "refused");
    const { text } = await world.sandbox.next(offered.phone, /банк не принял перевод/);
    expect(text).toContain("Договор не начал действовать");
  });

  await test.step("there is no loan", async () => {
    await page.goto("/cabinet");
    await expect(page.locator('main a[href^="/loans/"]')).toHaveCount(0);
    await expect(page.locator(`main a[href="/offer/${offered.contract}"]`).first()).toBeVisible();
  });

  await test.step("another card", async () => {
    await page.goto(`/offer/${offered.contract}`);
    await b.press("#add-card");
    await b.card(CARDS.plain);
    await expect(page).toHaveURL(/\/offer\//);
    // With two cards there is something to choose, so nothing is chosen beforehand.
    const cards = page.locator("[name=card]");
    await expect(cards).toHaveCount(2);
    await expect(page.locator("[name=card]:checked")).toHaveCount(0);
    await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
    await b.press("#use-card");
    await expect(page).toHaveURL(/\/loans\//, { timeout: 20_000 });
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "2000000");
    await expect(page.locator("#operations tr[data-kind=disbursement]")).toContainText("4444");
  });
});

test("by the fast payment system: the bank compares the name, another one's account gets nothing, and the own one gets the money in minutes", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  await noon(world);
  const phone = async (n: number) => {
    const offered = await approved(world, n, { amount: 10_000, term: 20 });
    await page.context().clearCookies();
    await enterAs(page, offered.client);
    await page.goto(`/offer/${offered.contract}/way`);
    const way = page.locator("#way-sbp");
    // The cabinet's own phone, which nobody types, and the person by the passport.
    await expect(way).toContainText(`${offered.phone.slice(-2)}`);
    await expect(way).toContainText("банк сверит имя получателя");
    await expect(way.locator("input:not([type=hidden])")).toHaveCount(0);
    await expect(page.locator("#owner")).toContainText("Тестова Анна Петровна");
    return offered;
  };
  const sent = async (offered: Awaited<ReturnType<typeof phone>>, bank: string) => {
    const b = new Borrower(page, world, offered.who, javaScriptEnabled ?? true);
    await page.locator("#f-bank").selectOption({ label: bank });
    await b.press("#way-sbp button");
    await expect(page).toHaveURL(new RegExp(`/offer/${offered.contract}$`));
    await page.locator("label", { hasText: `СБП ${bank}` }).locator("[name=card]").check();
    await page.locator("[name=assignment][value=no]").check();
    await world.sandbox.skip(offered.phone);
    await b.press("#prepare");
    await page.locator("#f-code").fill(await world.sandbox.sms(offered.phone));
    await b.press("#sign");
    return b;
  };

  await test.step("nothing goes out before a bank is chosen", async () => {
    const offered = await phone(404);
    const b = new Borrower(page, world, offered.who, javaScriptEnabled ?? true);
    await b.press("#way-sbp button");
    await expect(page.locator("#f-bank-error")).toBeVisible();
    await expectFits(page);
    await shot(page, "sbp");
    const banks = await page.locator("#f-bank option").allTextContents();
    expect(banks.length).toBeGreaterThan(3);
    // The account behind this phone is somebody else's: the bank says so, and nothing leaves.
    const borrower = await sent(offered, banks[1] ?? "");
    await expect(page.locator("#payout")).toHaveAttribute("data-status", "failed", { timeout: 20_000 });
    await expect(page.locator("main")).toContainText("Имя получателя в этом банке другое");
    await shot(page, "sbp-refused");
    const { payouts } = (await register(world)).totals;
    expect(payouts.succeeded_count).toBe(0);
    // The contract waits for another way.
    await borrower.press("#add-card");
    await borrower.card(CARDS.plain);
    await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
    await borrower.press("#use-card");
    await expect(page).toHaveURL(/\/loans\//, { timeout: 20_000 });
  });

  await test.step("the own name", async () => {
    const offered = await phone(6);
    const banks = await page.locator("#f-bank option").allTextContents();
    const before = await world.sandbox.now();
    await sent(offered, banks[2] ?? "");
    await expect(page).toHaveURL(/\/loans\//, { timeout: 20_000 });
    expect((await world.sandbox.now()).getTime() - before.getTime()).toBeLessThan(5 * 60_000);
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "1000000");
    await expect(page.locator("#operations tr[data-kind=disbursement]")).toContainText(offered.phone.slice(-4));
    const { payouts } = (await register(world)).totals;
    expect([payouts.succeeded_count, payouts.succeeded_amount.value]).toEqual([2, "20000.00"]);
  });
});
