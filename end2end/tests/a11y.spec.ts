// WCAG 2.2 AA on the narrowest phone: axe from the landing to the offer in both themes, and one loan by keyboard alone.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Borrower, CARDS } from "../support/borrower";
import {
  answers,
  approved,
  bindCard,
  Client,
  noon,
  person,
  signIn,
} from "../support/http";
import { Keyboard } from "../support/keyboard";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds in both themes; `target-size` is among the rules only when it is asked for. */
async function violations(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    // A change of colours may take its time.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().filter((it) => it instanceof CSSTransition).map(({ finished }) => finished)));
    const axe = new AxeBuilder({ page }).options({
      runOnly: { type: "tag", values: WCAG },
      rules: { "target-size": { enabled: true } },
    });
    const report = await axe.analyze();
    const ran = [...report.passes, ...report.incomplete, ...report.inapplicable, ...report.violations];
    expect(ran.map(({ id }) => id)).toContain("target-size");
    for (const { id, nodes } of report.violations) {
      const where = nodes.map((node) => node.html.slice(0, 120)).slice(0, 3);
      found.push(`${page.url()} ${colorScheme} ${id}: ${where.join(" | ")}`);
    }
  }
  return found;
}

test.describe("axe", () => {
  // The page that is not there.
  test.use({ expectedConsole: [/status of 404/] });

  test("no violations from the landing to the offer, in both themes", async ({ page, world }) => {
    test.setTimeout(400_000);
    const found: string[] = [];
    const look = async (paths: string[], client?: Client) => {
      await page.context().clearCookies();
      if (client !== undefined) await enterAs(page, client);
      for (const path of paths) {
        await page.goto(path);
        // Not somewhere else instead.
        await expect(page).toHaveURL((url) => url.pathname === path.split("?")[0]);
        found.push(...(await violations(page)));
      }
    };
    await noon(world);

    await test.step("before signing in", async () => {
      await look(["/", "/?product=long&amount=50000&term=6", "/apply?product=short&amount=20000&term=21", "/login"]);
      await look(["/help", "/accessibility", "/legal/general_terms", "/no/such/page"]);
      const visitor = new Client(world.url);
      await visitor.postForm("access/request-code", { phone: "12345" }, "/login");
      await look(["/login"], visitor);
      await visitor.done("access/request-code", { phone: person(2).phone });
      await visitor.postForm("access/verify-code", { code: "000000" }, "/login/code");
      await look(["/login/code"], visitor);
    });

    await test.step("the questionnaire, with answers refused as well", async () => {
      const who = person(3);
      const client = await signIn(world, who.phone);
      await look(["/cabinet"], client);
      let next = await client.done("application/choose", { product: "short", amount: "20000", term: "21" });
      for (const [step, fields] of Object.entries(answers(who))) {
        await look([next], client);
        if (step === "passport") {
          const wrong = Object.fromEntries(Object.keys(fields).map((name) => [name, "x"]));
          await client.postForm(`profile/${step}`, wrong, next);
          await look([next], client);
        }
        next = await client.done(`profile/${step}`, fields);
      }
      await look(["/apply/review", "/security"], client);
    });

    const offered = await approved(world, 1, { amount: 20_000, term: 21 });
    const { client, contract } = offered;
    await test.step("the offer, without a card and with one", async () => {
      await look(["/application", `/offer/${contract}`], client);
      await bindCard(offered);
      await look([`/offer/${contract}`], client);
    });
    expect(found).toEqual([]);
  });
});

test("one loan by keyboard alone: the focus is always seen and never caught", async ({ page, world }) => {
  test.setTimeout(240_000);
  await noon(world);
  const b = new Borrower(page, world, person(1), true);
  const keys = new Keyboard(page);
  const send = async (selector: string) => {
    await b.live(page.locator(selector));
    await keys.press(selector);
  };

  await test.step("the calculator, by arrows", async () => {
    await page.goto("/");
    await expect(page.locator("#calculator")).toHaveAttribute("data-live", "");
    await page.keyboard.press("Tab");
    await expect(page.locator(".skip")).toBeFocused();
    const before = await b.kopecks("#total");
    await keys.focusOn("#amount-range");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => b.kopecks("#total")).toBeGreaterThan(before);
    const more = await b.kopecks("#total");
    await keys.focusOn("#term-range");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => b.kopecks("#total")).toBeLessThan(more);
    await keys.press("#apply");
    await expect(page).toHaveURL(/\/apply\?/);
  });

  await test.step("signing in", async () => {
    await keys.type("#f-phone", b.who.phone);
    await send("form:has(#f-phone) button[type=submit]");
    await expect(page).toHaveURL(/\/login\/code/);
    await keys.type("#f-code", await world.sandbox.sms(b.phoneDigits));
    await send("form:has(#f-code) button[type=submit]");
    await expect(page).toHaveURL(/\/apply\?/);
    await send("#choose");
  });

  await test.step("the questionnaire", async () => {
    for (const [step, fields] of Object.entries(answers(b.who))) {
      await expect(page).toHaveURL(new RegExp(`/apply/${step}`));
      await b.live(page.locator("main button.wide[type=submit]"));
      for (const [name, value] of Object.entries(fields)) await keys.answer(name, value);
      await keys.press("main button.wide[type=submit]");
    }
    await expect(page).toHaveURL(/\/apply\/review/);
    await send("#submit");
  });

  await test.step("the offer and its signing", async () => {
    await expect(page.locator("#to-offer")).toBeVisible({ timeout: 20_000 });
    await keys.press("#to-offer");
    await expect(page).toHaveURL(/\/offer\//);
    await send("#add-card");
    // The acquirer's page is not ours: what it looks like is not asked.
    await b.card(CARDS.plain);
    await expect(page).toHaveURL(/\/offer\//);
    await b.live(page.locator("#prepare"));
    await keys.choose("card");
    await keys.choose("assignment", "no");
    await keys.press("#prepare");
    await expect(page.locator("#f-code")).toBeVisible();
    await keys.type("#f-code", await world.sandbox.sms(b.phoneDigits));
    await send("#sign");
    await expect(page).toHaveURL(/\/loans\//, { timeout: 20_000 });
  });

  await test.step("the loan, and a payment started", async () => {
    await expect(page.locator("#debt")).toBeVisible();
    await keys.press("main a[href*='/pay']");
    await expect(page).toHaveURL(/\/pay/);
    await b.live(page.locator("#pay"));
    await keys.choose("what", "sum");
    await keys.type("[name=amount]", "1000");
    await keys.press("#pay");
    await expect(page.locator("#card-number")).toBeVisible();
  });
  expect(keys.unseen).toEqual([]);
});
