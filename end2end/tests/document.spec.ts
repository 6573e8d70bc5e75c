// The papers: exactly what was signed, and the one that says nothing is owed.
import { createHash } from "node:crypto";
import { CARDS } from "../support/borrower";
import { expectFits } from "../support/fits";
import { liveLoan, onHostedPage, payPage, untilPayment } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

const sha256 = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

test("documents read as they were signed, and the certificate prints as a page", async ({ page, world, shot }) => {
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const { client, loan } = borrowing;
  await enterAs(page, client);
  const text = async () => (await page.locator("pre.canonical").textContent()) ?? "";

  await test.step("the contract", async () => {
    await page.goto(`/loans/${loan}`);
    await page.locator("#documents a", { hasText: "Договор" }).click();
    const hash = (await page.locator("#document").getAttribute("data-hash")) ?? "";
    expect(sha256(await text())).toBe(hash);
    expect((await page.locator("#hash").textContent())?.replaceAll(" ", "")).toBe(hash);
    await expect(page.locator("#document .psk")).toContainText("292,000 %");
    expect(await text()).toContain("Тестова Анна Петровна");
    await expectFits(page);
    await shot(page, "contract");
  });

  await test.step("closed: thanks, a certificate, what the bureau was told", async () => {
    await world.sandbox.advanceDays(10);
    const { page: hosted, payment } = await payPage(borrowing, "payoff");
    await onHostedPage(hosted, CARDS.plain);
    await untilPayment(client, payment, "succeeded");
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#closed")).toContainText("Спасибо");
    await expect(page.locator("#fork")).toHaveCount(0);
    await expect(page.locator("#pay, #payoff, #prolong")).toHaveCount(0);
    // The bureau is told by a worker, a moment later.
    const told = async () => {
      await page.reload();
      return page.locator("#reported [data-kind]").evaluateAll((all) => all.map((row) => row.getAttribute("data-kind")));
    };
    await expect.poll(told).toEqual(["loan_issued", "payment", "closed"]);
    await expectFits(page);
    await shot(page, "closed");
    await page.locator("#to-certificate").click();
  });

  await test.step("on paper there is the document alone", async () => {
    const certificate = page.locator("#certificate");
    const hash = (await certificate.getAttribute("data-hash")) ?? "";
    expect(sha256(await text())).toBe(hash);
    await expect(certificate).toContainText("0,00 ₽");
    await expect(certificate).toContainText("21 600,00 ₽");
    await expectFits(page);
    await shot(page, "certificate");
    await page.emulateMedia({ media: "print" });
    for (const screen of [".bar", ".nav-bottom", ".foot", ".button", "button", "#certificate .no-print"]) {
      for (const one of await page.locator(screen).all()) await expect(one, screen).toBeHidden();
    }
    await expect(certificate).toBeVisible();
    const [ground, ink] = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return [backgroundColor, color];
    });
    expect([ground, ink]).toEqual(["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
    await shot(page, "certificate-printed");
  });
});
