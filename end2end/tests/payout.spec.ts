// The money does not reach the card: nothing is lost, nothing is owed, another card is one press away.
import { Borrower, CARDS } from "../support/borrower";
import { expectFits } from "../support/fits";
import { approved, bindCard, noon, signed } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

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
