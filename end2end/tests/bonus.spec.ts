// Bonuses on their own page and beside paying: earned by interest, spent on interest, said before they are lost.
import { attribute, liveLoan, onHostedPage, CARDS, pay } from "../support/http";
import { expectFits } from "../support/fits";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

// What is typed wrong is a refusal, and browsers log refused requests.
test.use({ expectedConsole: [/status of 422/] });

test("bonus balance and spending it: earned by paid interest, spent on interest and before a prolongation, said before the cabinet is closed", async ({
  page,
  world,
  shot,
}) => {
  const { sandbox } = world;
  const borrowing = await liveLoan(world, 3, { product: "short", amount: 20_000, term: 30 });
  const { client, loan } = borrowing;
  await enterAs(page, client);

  await test.step("before the first payment there are none, and the rules are there", async () => {
    await page.goto("/bonuses");
    await expect(page.locator("#bonuses")).toHaveAttribute("data-kopecks", "0");
    await expect(page.locator("#bonus-rules")).toContainText("10 %");
    await expect(page.locator("#bonus-rules")).toContainText("до 50 %");
  });

  await test.step("ten days of interest are 1 600: a tenth of it comes back", async () => {
    await sandbox.advanceDays(10);
    const hosted = await pay(borrowing, "1600");
    await onHostedPage(hosted.location ?? "", CARDS.plain);
    await client.until("/bonuses", (it) => attribute(it.body, "bonuses", "data-kopecks") === "16000", 60_000);
    await sandbox.advanceDays(1);
    await page.goto("/cabinet");
    await expect(page.locator("#bonus-card")).toContainText("160,00 ₽");
    await shot(page, "cabinet");
    await page.locator("#to-bonuses").click();
    await expect(page.locator("#bonus-history tr")).toHaveAttribute("data-kind", "interest");
    await shot(page, "bonuses");
    await expectFits(page);
  });

  await test.step("more than there is gets a clear answer, and what was typed stays", async () => {
    const form = page.locator(`form[data-loan="${loan}"]`);
    await form.locator("[name=amount]").fill("500");
    await form.locator("[data-spend]").click();
    await expect(form.locator("#f-amount-error")).toContainText("не больше 160,00 ₽");
    await expect(form.locator("[name=amount]")).toHaveValue("500");
  });

  await test.step("beside a payment: the interest falls by what was spent", async () => {
    await page.goto(`/loans/${loan}/pay`);
    const spend = page.locator("#spend-bonuses form");
    await expect(spend).toHaveAttribute("data-most", "16000");
    await shot(page, "pay");
    await spend.locator("[name=amount]").fill("60");
    await spend.locator("[data-spend]").click();
    await expect(page.locator("#spend-bonuses form")).toHaveAttribute("data-most", "10000");
  });

  await test.step("before a prolongation: its price falls by what was spent", async () => {
    await page.goto(`/loans/${loan}/prolong?days=14`);
    await shot(page, "prolong");
    const price = async () => Number(await page.locator("#pay-now").getAttribute("data-kopecks"));
    const before = await price();
    await page.locator("#spend-bonuses [name=amount]").fill("40");
    await page.locator("#spend-bonuses [data-spend]").click();
    await expect(page.locator("#spend-bonuses form")).toHaveAttribute("data-most", "6000");
    await page.goto(`/loans/${loan}/prolong?days=14`);
    expect(before - (await price())).toBe(4_000);
  });

  await test.step("the loan's own page tells what bonuses paid, and the rows still add up", async () => {
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#operations tr[data-kind=discount]")).toHaveCount(2);
    const rows = await page.locator("#why tbody td[data-kopecks]").evaluateAll((all) => all.map((td) => Number(td.getAttribute("data-kopecks"))));
    const total = Number(await page.locator("#why [data-total]").getAttribute("data-total"));
    expect(rows.reduce((sum, row) => sum + row, 0)).toBe(total);
    await page.goto("/bonuses");
    await expect(page.locator("#bonus-history tr[data-kind=spent]")).toHaveCount(2);
    await shot(page, "history");
  });

  await test.step("closing the cabinet says first what is lost", async () => {
    await page.goto("/closing");
    await expect(page.locator("#closing-bonuses")).toContainText("60,00 ₽");
    await shot(page, "closing");
  });
});
