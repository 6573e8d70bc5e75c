// One loan, lived from the calculator to the closing certificate.
import { expect, test } from "../support/world";
import { Borrower, CARDS, person } from "../support/borrower";
import { noon } from "../support/http";

test("one loan, from the calculator to the closing certificate", async ({ page, world, shot, javaScriptEnabled }) => {
  test.setTimeout(240_000);
  // The law lets nobody be told of a late payment by night, and the sandbox's clock begins with the machine's.
  await noon(world);
  const b = new Borrower(page, world, person(1), javaScriptEnabled ?? true);

  await test.step("1. the calculator", async () => {
    await page.goto("/");
    await shot(page, "01-landing");
    await page.locator("#amount").fill("20 000");
    await page.locator("#term").fill("21");
    await page.locator("#term").blur();
    if (b.js) await expect(page.locator("#total")).toHaveAttribute("data-kopecks", "2336000");
    else await page.goto("/?product=short&amount=20000&term=21");
    await expect(page.locator("#total")).toHaveAttribute("data-kopecks", "2336000");
    await expect(page.locator("#overpayment")).toHaveAttribute("data-kopecks", "336000");
    await expect(page.locator("#psk-percent")).toContainText("292,000");
    await shot(page, "01-calculator");
    await page.locator("#apply").click();
    await expect(page).toHaveURL(/\/apply\?.*amount=/);
  });

  await test.step("2. registration", async () => {
    await shot(page, "02-apply");
    await b.enter();
    await expect(page).toHaveURL(/\/apply\?/);
    await b.press("#choose");
    await b.questionnaire();
    await expect(page).toHaveURL(/\/apply\/review/);
    await shot(page, "02-review");
  });

  await test.step("3. application and decision", async () => {
    await b.press("#submit");
    await expect(page).toHaveURL(/\/application/);
    await expect(page.locator("#to-offer")).toBeVisible({ timeout: 20_000 });
    await shot(page, "03-approved");
    await page.locator("#to-offer").click();
  });

  await test.step("4. the offer, a card, the signature", async () => {
    await expect(page).toHaveURL(/\/offer\//);
    await b.press("#add-card");
    await b.card(CARDS.plain);
    await expect(page).toHaveURL(/\/offer\//);
    await expect(page.locator("main")).toContainText("4444");
    await shot(page, "04-offer");
    await expect(page.locator("[name=assignment]:checked")).toHaveCount(0);
    await page.locator("[name=card]").first().check();
    await page.locator("[name=assignment][value=no]").check();
    await b.press("#prepare");
    await expect(page.locator("#f-code")).toBeVisible();
    await shot(page, "04-sign");
    await page.locator("#f-code").fill(await world.sandbox.sms(b.phoneDigits));
    await b.press("#sign");
  });

  await test.step("5. the money goes out", async () => {
    await expect(page).toHaveURL(/\/loans\//, { timeout: 20_000 });
  });
  const loan = new URL(page.url()).pathname;

  await test.step("6. the loan's page", async () => {
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "2000000");
    await shot(page, "06-loan-first-day");
    await world.sandbox.advanceDays(10);
    await page.goto(loan);
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "2160000");
    await page.locator("#why summary").click();
    await shot(page, "06-loan");
  });

  await test.step("7. a part is paid, with 3-D Secure", async () => {
    await page.goto(`${loan}/pay`);
    await page.locator("[name=what][value=sum]").check();
    await page.locator("[name=amount]").fill("5 000");
    await shot(page, "07-pay");
    await b.press("#pay");
    await b.card(CARDS.secure);
    await expect(page).toHaveURL(/\/payments\//);
    await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded", { timeout: 20_000 });
    await shot(page, "07-paid");
    await page.goto(loan);
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "1660000");
  });

  await test.step("8. prolongation", async () => {
    await world.sandbox.advanceDays(5);
    await page.goto(`${loan}/prolong?days=14`);
    await shot(page, "08-prolong");
    await b.press("#prolong-prepare");
    await expect(page).toHaveURL(/\/prolongations\//);
    await page.locator("#f-code").fill(await world.sandbox.sms(b.phoneDigits));
    await b.press("#sign");
    await b.card(CARDS.plain);
    await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded", { timeout: 20_000 });
    await page.goto(loan);
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", "1660000");
    await shot(page, "08-prolonged");
  });

  await test.step("9. a day late", async () => {
    // 21 days and 14 more from the start; 15 have gone, so the 23rd from now is three days late.
    await world.sandbox.advanceDays(23);
    await page.goto(loan);
    await expect(page.locator("#late")).toBeVisible();
    const debt = await b.kopecks("#debt");
    // 16 600.00 × 0.8 % × 23 days, and 20 % a year of the principal for three days.
    expect(debt).toBe(1_660_000 + Math.floor((1_660_000 * 8 * 23) / 1000) + Math.round((1_660_000 * 20 * 3) / 36500));
    await expect
      .poll(async () => (await world.sandbox.messages(b.phoneDigits)).map((sms) => sms.text).join("\n"))
      .toMatch(/платёж \d+ [а-я]+ не пришёл, сегодня к оплате 19.681,69/);
    await shot(page, "09-overdue");
  });

  await test.step("10. paid off", async () => {
    await page.goto(`${loan}/pay`);
    await page.locator("[name=what][value=payoff]").check();
    await b.press("#pay");
    await b.card(CARDS.plain);
    await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded", { timeout: 20_000 });
    await page.goto(loan);
    await expect(page.locator("#closed")).toBeVisible();
    await shot(page, "10-closed");
    await page.goto(`${loan}/certificate`);
    await expect(page.locator("#certificate")).toContainText("0,00");
    await shot(page, "10-certificate");
  });

  await test.step("the books", async () => {
    const verified = await world.kopeck("verify-ledger");
    expect(verified.output).toContain("the journal is whole");
    expect(verified.code).toBe(0);
    const reconciled = await world.kopeck("reconcile");
    expect(reconciled.output).toContain("0.00");
    expect(reconciled.code).toBe(0);
  });
});
