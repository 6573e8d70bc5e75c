// У Соседа's money, as its borrowers describe it.
import { CARDS } from "../../support/borrower";
import { approved, bindCard, issued, liveLoan, signed, repaid } from "../../support/http";
import { after, expect, inMinutes, ofLender, paid } from "../../support/lenders";
import { enterAs } from "../../support/session";

const test = ofLender("usoseda");

test("money in minutes; programmes for new and for repeat borrowers, terms readable in the cabinet before applying (R10-11, R40)", async ({
  page,
  world,
  shot,
}) => {
  const offered = await approved(world, 40, { amount: 5_000, term: 14 });
  await enterAs(page, offered.client);
  const signing = await world.sandbox.now();
  const card = await bindCard(offered);
  await signed(world, offered, card);
  const loan = await issued(offered);
  await inMinutes(world, signing);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#operations tr[data-kind=disbursement]")).toHaveAttribute("data-kopecks", "500000");
  await world.sandbox.next(offered.phone, /5.?000/, 10_000);

  // Whoever has borrowed reads the other programme in the cabinet, before anything is asked of them.
  await repaid({ ...offered, card, loan });
  await page.goto("/");
  const known = page.locator("[data-programme=repeat]");
  await expect(known).toContainText("Для тех, кто уже брал у нас займ");
  await expect(known).toContainText(/2.000.₽ – 30.000.₽/);
  await expect(known).toContainText("0,7 % в день");
  await shot(page, "programmes-again");
});

test("pay by a debit card of any bank with zero commission, or an e-wallet; the sum is entered, the operation confirmed by SMS code; credited in minutes (R54-56)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const { client, loan, who } = await liveLoan(world, 54, { amount: 10_000, term: 20 });
  await enterAs(page, client);
  const b = borrower(who);
  const credited = async (kopecks: number, since: Date) => {
    await paid(page, kopecks);
    await inMinutes(world, since);
  };
  await test.step("by a card", async () => {
    const since = await world.sandbox.now();
    await page.goto(`/loans/${loan}/pay`);
    await expect(page.locator("#commission")).toHaveAttribute("data-kopecks", "0");
    await page.locator("#what-sum").check();
    await page.locator("#f-amount").fill("900");
    await page.locator("#method-card").check();
    await b.press("#pay");
    await page.locator("#card-number").fill(CARDS.secure);
    await page.locator("#card-exp").fill("12/30");
    await page.locator("#card-cvc").fill("123");
    await page.locator("#card-pay").click();
    // The bank of the card has sent a code; a wrong one takes nothing.
    await page.locator("#tds-code").fill("000000");
    await page.locator("#tds-confirm").click();
    await expect(page.locator("#tds-code")).toBeVisible();
    await shot(page, "card-code");
    await page.locator("#tds-code").fill("123456");
    await page.locator("#tds-confirm").click();
    await credited(90_000, since);
  });
  await test.step("by a wallet", async () => {
    const since = await world.sandbox.now();
    await page.goto(`/loans/${loan}/pay?what=sum`);
    await page.locator("#method-wallet").check();
    await page.locator("#f-amount").fill("100");
    await b.press("#pay");
    await page.locator("#wallet-pay").click();
    await credited(10_000, since);
  });
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#balance")).toHaveAttribute("data-kopecks", "0");
  await expect(page.locator("tr[data-kind=debit]")).toHaveCount(2);
});

test("«Продлить займ»: a separately paid service; interest grows with the new term; a warning about late payment and credit history stands beside it (R61-62, R67)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const { client, loan, who } = await liveLoan(world, 61, { amount: 10_000, term: 30 });
  await enterAs(page, client);
  const b = borrower(who);
  await world.sandbox.advanceDays(10);
  await page.goto(`/loans/${loan}`);
  const due = (await page.locator("#due").getAttribute("data-date")) ?? "";
  const later = after(due, 14);
  await expect(page.locator("#prolong")).toContainText("Продлить");
  await page.goto(`/loans/${loan}/prolong?days=14`);
  const figure = (id: string) => b.kopecks(`#preview #${id}`);
  // Ten days of 70 ₽ and 25 ₽ of the service; for fourteen days more fourteen times 70 ₽.
  expect([await figure("fee"), await figure("commission"), await figure("pay-now")]).toEqual([2_500, 0, 72_500]);
  expect(await figure("due-then")).toBe(1_000_000 + 34 * 7_000);
  expect(await figure("extra")).toBe(2_500 + 34 * 7_000);
  await expect(page.locator("#prolong-late")).toContainText("пени 20 % годовых");
  await expect(page.locator("#prolong-late")).toContainText("в кредитной истории");
  await b.press("#prolong-prepare");
  await expect(page.locator("#honest #commission")).toHaveAttribute("data-kopecks", "0");
  await b.signs();
  await b.card(CARDS.plain);
  await paid(page, 72_500);
  await page.goto(`/loans/${loan}`);
  await expect(page.locator("#due")).toHaveAttribute("data-date", later);
  await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "1000000");
  await shot(page, "prolonged");
});
