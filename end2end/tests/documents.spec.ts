// Documents as files: each is downloaded and read by somebody else's program, a statement is checked by its public page, a
// changed byte is found, and everything about a person can be taken along.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expectFits } from "../support/fits";
import { liveLoan, pay } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

/** Presses a link and takes the file behind it. */
async function taken(page: Page, link: string, nth = 0): Promise<Buffer> {
  const arriving = page.waitForEvent("download");
  await page.locator(link).nth(nth).click();
  return readFileSync(await (await arriving).path());
}

/** What a PDF says, in one line. */
function said(pdf: Buffer): string {
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  return execFileSync("pdftotext", ["-raw", "-", "-"], { input: pdf, encoding: "utf8" }).replace(/\s+/g, " ");
}

test("documents are files, and a statement is confirmed to anybody", async ({ page, world, shot, browser }) => {
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const { client } = borrowing;
  await enterAs(page, client);
  await page.goto("/documents");
  await expectFits(page);

  await test.step("every one of them is a PDF with its words", async () => {
    const kinds = await page.locator("[data-document]").evaluateAll((all) => all.map((row) => row.getAttribute("data-document")));
    expect([...new Set(kinds)].sort()).toEqual(["agreement", "application", "consent", "contract", "schedule"]);
    for (let nth = 0; nth < kinds.length; nth += 1) {
      const text = said(await taken(page, "[data-document] a", nth));
      expect(text, kinds[nth] ?? "").toContain("SHA-256");
      if (kinds[nth] === "contract") {
        expect(text).toMatch(/292,000\s%/);
        expect(text).toContain("Тестова Анна Петровна");
        expect(text).toContain("Подписано простой электронной подписью");
      }
    }
    const [first, second] = [await taken(page, "[data-document=contract] a"), await taken(page, "[data-document=contract] a")];
    expect(first.equals(second), "the same bytes again").toBe(true);
  });

  let statement: Buffer = Buffer.alloc(0);
  await test.step("a statement for a period, and a period that can't be", async () => {
    await page.locator("details", { has: page.locator("[data-issue=statement]") }).locator("summary").click();
    const form = page.locator("[data-issue=statement]");
    await form.locator("[name=from]").fill("2030-01-01");
    await form.locator("button").click();
    await expect(page.locator("[data-issue=statement] .error:visible")).toHaveCount(1);
    await expect(page.locator("[data-issue=statement] [name=from]")).toHaveValue("2030-01-01");
    const today = await page.locator("[data-issue=statement] [name=to]").inputValue();
    await page.locator("[data-issue=statement] [name=from]").fill(today);
    await page.locator("[data-issue=statement] button").click();
    await expect(page.locator("#made")).toBeVisible();
    await expectFits(page);
    await shot(page, "documents");
    statement = await taken(page, "[data-document=statement] a");
    expect(said(statement)).toContain("20 000,00 ₽");
  });

  await test.step("its page confirms it, to a stranger, without a name", async () => {
    const address = said(statement).match(/\/verify\/[0-9a-z]+/)?.[0] ?? "";
    expect(address).not.toBe("");
    const stranger = await browser.newContext({ baseURL: world.url, javaScriptEnabled: false });
    const open = await stranger.newPage();
    await open.goto(address);
    await expect(open.locator("#verified")).toHaveAttribute("data-holds", "true");
    const shown = (await open.locator("main").textContent()) ?? "";
    for (const personal of ["Тестова", "Анна", "20 000"]) expect(shown).not.toContain(personal);
    await expectFits(open);
    const compared = async (bytes: Buffer) => {
      await open.locator("#f-file").setInputFiles({ name: "a.pdf", mimeType: "application/pdf", buffer: bytes });
      await open.locator("#by-file button").click();
      return open.locator("#compared").getAttribute("data-result");
    };
    expect(await compared(statement)).toBe("same");
    await shot(open, "verified");
    const changed = Buffer.from(statement);
    const middle = changed.length >> 1;
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
    expect(await compared(changed)).toBe("changed");
    await open.goto("/verify");
    expect(await compared(changed)).toBe("unknown");
    expect(await compared(statement)).toBe("same");
    await open.goto(`/verify?hash=${createHash("sha256").update(statement).digest("hex")}`);
    await expect(open.locator("#compared")).toHaveAttribute("data-result", "same");
    // Papers for everybody, and nobody else's.
    await open.goto("/public");
    await expectFits(open);
    await shot(open, "public");
    for (const kind of ["rules", "tariffs", "privacy", "lender"]) {
      said(await taken(open, `[data-public=${kind}] a`));
    }
    const link = await page.locator("[data-document=contract] a").getAttribute("href");
    const refused = await stranger.request.get(`${world.url}${link}`, { maxRedirects: 0 });
    expect(refused.status()).toBe(303);
    await stranger.close();
  });

  await test.step("a payment gives a receipt; everything can be taken along", async () => {
    await pay(borrowing, "payoff");
    await page.goto("/documents");
    const all = JSON.parse((await taken(page, "#export a[href$='all.json']")).toString());
    expect(all.form).toBe("kopeck-export/1");
    expect(all.answers.last_name).toBe("Тестова");
    expect(all.loans).toHaveLength(1);
    await page.locator("#export summary").click();
    const csv = (await taken(page, "#export a[href$='operations.csv']")).toString();
    expect(csv.split("\r\n")[0]).toBe("loan,seq,kind,on,at,amount,days,rate,parts,reference");
    expect(csv).toContain(",disbursement,");
  });
});
