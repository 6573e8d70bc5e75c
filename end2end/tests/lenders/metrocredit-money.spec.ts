// Метрокредит's money, as its borrowers describe it.
import { statement } from "../../support/bank";
import { CARDS } from "../../support/borrower";
import { approved, bindCard, issued, liveLoan, signed } from "../../support/http";
import { expect, inMinutes, ofLender, paid } from "../../support/lenders";
import { enterAs } from "../../support/session";

const test = ofLender("metrocredit");

test("payout to a linked card, or to a card account by its details, in 2–3 days, the card itself not linked (R44)", async ({
  page,
  world,
  shot,
}) => {
  const offered = await approved(world, 44, { amount: 10_000, term: 20 });
  await enterAs(page, offered.client);
  await page.goto(`/offer/${offered.contract}`);
  // The card of the registration is there; its account can be given instead, and only receives.
  await expect(page.locator("label", { hasText: "4444" })).toBeVisible();
  await page.locator("#other-way").click();
  await expect(page.locator("#way-account")).toContainText("2–3 рабочих дня");
  await expect(page.locator("#way-account")).toContainText("Карта остаётся непривязанной");
  await page.locator("#f-account").fill("40817810500000000007");
  await page.locator("#f-bic").fill("044525225");
  await page.locator("#way-account button").click();
  await expect(page.locator("label", { hasText: "Счёт •• 0007" })).toContainText("2–3 рабочих дня");
  await shot(page, "ways-out");
  const since = await world.sandbox.now();
  const card = await bindCard(offered);
  await signed(world, offered, card);
  const loan = await issued(offered);
  await inMinutes(world, since);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("tr[data-kind=disbursement]")).toContainText("4444");
});

test("more cards can be attached (R45)", async ({ page, world, shot, borrower }) => {
  const offered = await approved(world, 45, { amount: 10_000, term: 20 });
  await enterAs(page, offered.client);
  const b = borrower(offered.who);
  await page.goto(`/offer/${offered.contract}`);
  const before = await page.locator("[name=card]").count();
  await b.press("#add-card");
  await b.card(CARDS.secure);
  await expect(page).toHaveURL(/\/offer\//);
  await expect(page.locator("[name=card]")).toHaveCount(before + 1);
  await expect(page.locator("label", { hasText: "1111" })).toBeVisible();
  await shot(page, "cards");
});

test("pay with a linked card (tap, sum, confirm), another card (details, sum), or an interbank transfer by the lender's details, which takes its own time (R54, R56)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const { client, loan, who } = await liveLoan(world, 54, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  const b = borrower(who);
  await world.sandbox.advanceDays(4);
  const posted = (kopecks: number) => page.locator(`tr[data-kind=payment][data-kopecks='${kopecks}']`);
  await test.step("the linked card: tap, sum, confirm", async () => {
    await page.goto(`/loans/${loan}/pay?what=sum`);
    await page.locator("label", { hasText: "4444" }).locator("[name=card]").check();
    await page.locator("#f-amount").fill("100");
    await b.press("#pay");
    await paid(page);
  });
  await test.step("another card: its details at the acquirer, the sum", async () => {
    await page.goto(`/loans/${loan}/pay?what=sum`);
    await page.locator("#f-amount").fill("200");
    await b.press("#pay");
    await page.waitForURL(/\/checkout\//);
    await b.card(CARDS.secure);
    await paid(page);
    await page.goto(`/loans/${loan}`);
    await expect(posted(10_000)).toHaveCount(1);
    await expect(posted(20_000)).toContainText("1111");
  });
  await test.step("a transfer: on its way for two days, counted by the bank's date", async () => {
    await page.goto(`/loans/${loan}/transfer`);
    const number = await page.locator("#reference").innerText();
    const account = (await page.locator("[data-requisite=requisite-account]").innerText()).replace(/\s/g, "");
    const stated = (await world.sandbox.now()).toISOString().slice(0, 10);
    await world.sandbox.advanceDays(2);
    await page.goto(`/loans/${loan}`);
    await expect(posted(30_000)).toHaveCount(0);
    const purpose = `Погашение займа по договору ${number}`;
    const file = statement(account, [{ number: "54", sum: "300.00", day: stated, purpose }]);
    expect((await world.kopeck("import", "statement", file)).output).toContain("posted: 1");
    await page.goto(`/loans/${loan}`);
    await expect(posted(30_000)).toHaveCount(1);
    // Four days of 80 ₽ were paid by the first of them, and two more days have run on what is left.
    const left = 1_000_000 + 4 * 8_000 - 10_000 - 20_000 - 30_000;
    const debt = await b.kopecks("#debt");
    expect(debt).toBeGreaterThan(left);
    expect(debt).toBeLessThanOrEqual(left + 2 * 8_000);
    await shot(page, "three-ways");
  });
});
