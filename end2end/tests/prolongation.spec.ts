// More time: what it costs before, nothing moves until it is paid.
import { Borrower, CARDS } from "../support/borrower";
import { expectFits } from "../support/fits";
import { liveLoan } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

// A wrong code is a refusal, and browsers log refused requests.
test.use({ expectedConsole: [/status of 422/] });

test("a prolongation is counted, signed, paid, and only then real", async ({ page, world, shot, javaScriptEnabled }) => {
  const { client, loan, who } = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  await enterAs(page, client);
  const b = new Borrower(page, world, who, javaScriptEnabled ?? true);
  await world.sandbox.advanceDays(10);
  await page.goto(`/loans/${loan}`);
  const due = (await page.locator("#due").getAttribute("data-date")) ?? "";
  const shifted = (days: number) => new Date(Date.parse(due) + days * 86_400_000).toISOString().slice(0, 10);

  await test.step("the preview", async () => {
    await page.locator("#prolong").click();
    await page.locator("#f-days").fill("3");
    await page.locator("#days-form button.second").click();
    await expect(page.locator("#f-days-error")).toContainText("от 7 до 30");
    await expect(page.locator("#f-days")).toHaveValue("3");
    await expect(page.locator("#preview")).toHaveCount(0);
    await shot(page, "bad-days");
    await page.locator("#f-days").fill("14");
    await page.locator("#days-form button.second").click();
    const figure = (id: string) => b.kopecks(`#preview #${id}`);
    await expect(page.locator("#new-due")).toHaveAttribute("data-date", shifted(14));
    // Ten days of 0.8 % now; twenty days to the old date and fourteen more later.
    expect(await figure("pay-now")).toBe(160_000);
    expect(await figure("due-then")).toBe(2_000_000 + 16_000 * 34);
    expect(await figure("total")).toBe(160_000 + 2_000_000 + 16_000 * 34);
    expect(await figure("pay-today")).toBe(2_160_000);
    expect(await figure("extra")).toBe(16_000 * 34);
    await expect(page.locator("#preview .psk")).toContainText("292,000 %");
    await expect(page.locator("#left")).toHaveAttribute("data-left", "4");
    await expectFits(page);
    await shot(page, "preview");
  });

  await test.step("a wrong code", async () => {
    await b.press("#prolong-prepare");
    await expect(page).toHaveURL(/\/prolongations\//);
    const code = await world.sandbox.sms(b.phoneDigits);
    await page.locator("#f-code").fill(code === "000000" ? "111111" : "000000");
    await b.press("#sign");
    await expect(page.locator("#f-code-error")).toBeVisible();
    await expect(page.locator("#f-code-error")).toContainText(/код/i);
    await expectFits(page);
    await shot(page, "wrong-code");
    await page.locator("#f-code").fill(code);
    await b.press("#sign");
  });

  await test.step("a declined card moves nothing", async () => {
    await b.card(CARDS.declined);
    await expect(page.locator("#payment")).toHaveAttribute("data-status", "failed", { timeout: 20_000 });
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#due")).toHaveAttribute("data-date", due);
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "2160000");
    await expect(page.locator("#operations tr[data-kind=prolongation]")).toHaveCount(0);
  });

  await test.step("paid, it takes effect", async () => {
    await page.goto(`/loans/${loan}/prolong?days=14`);
    await b.press("#prolong-prepare");
    await expect(page).toHaveURL(/\/prolongations\//);
    await page.locator("#f-code").fill(await world.sandbox.sms(b.phoneDigits));
    await b.press("#sign");
    await b.card(CARDS.plain);
    await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded", { timeout: 20_000 });
    await expectFits(page);
    await shot(page, "paid");
    await page.locator("#to-loan").click();
    await expect(page.locator("#due")).toHaveAttribute("data-date", shifted(14));
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "2000000");
    await expect(page.locator("#operations tr[data-kind=prolongation]")).toHaveCount(1);
    await expect(page.locator("#documents")).toContainText("Соглашение о продлении");
    await expectFits(page);
    await shot(page, "prolonged");
  });
});
