// СМСФинанс's money, as its borrowers describe it.
import { CARDS } from "../../support/borrower";
import { approved, bindCard, issued, signed } from "../../support/http";
import { expect, ofLender, paid } from "../../support/lenders";
import { enterAs } from "../../support/session";

const test = ofLender("smsfinance");

test("choose how to get the money and how to make the monthly payments; pay anywhere; see dates and sums ahead (R44, R48-49)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const offered = await approved(world, 48, { product: "monthly", amount: 30_000, term: 3 });
  await enterAs(page, offered.client);
  const b = borrower(offered.who);
  await page.goto(`/offer/${offered.contract}`);
  await expect(page.locator("#add-card")).toBeVisible();
  await expect(page.locator("#other-way")).toBeVisible();
  const card = await bindCard(offered);
  await signed(world, offered, card);
  const loan = await issued(offered);

  await page.goto(`/loans/${loan}`);
  const rows = page.locator("#schedule tbody tr");
  await expect(rows).toHaveCount(3);
  const next = Number(await rows.first().locator("td.sum").getAttribute("data-kopecks"));
  await shot(page, "monthly");

  // The way of the monthly payments: by a card or SBP here, by a transfer from any bank, by somebody else's hand, or by itself.
  await page.goto(`/loans/${loan}/pay?what=sum`);
  await expect(page.locator("#method-card")).toBeVisible();
  await expect(page.locator("#method-sbp")).toBeVisible();
  await expect(page.locator("#to-transfer")).toBeVisible();
  await expect(page.locator("#to-link")).toBeVisible();
  // Whoever pays by instalments mostly comes for the next one: its sum stands there.
  expect((await page.locator("#f-amount").inputValue()).replace(/\D/g, "")).toBe(String(next));
  await world.sandbox.advanceDays(28);
  await page.goto(`/loans/${loan}/pay?what=sum`);
  await b.press("#pay");
  await page.waitForURL(/\/tbank\/pay\//);
  await b.card(CARDS.plain);
  await paid(page, next);
  await page.goto(`/loans/${loan}/autopay`);
  await expect(page.locator("#agree")).toBeVisible();
});
