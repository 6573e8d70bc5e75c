// WCAG 2.2 AA on the narrowest phone: axe on every page of a borrower in both themes and with text twice as large, and one
// loan by keyboard alone.
import type { Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { troubles, violationsInBothThemes } from "../support/axe";
import { Borrower } from "../support/borrower";
import {
  answers,
  approved,
  attribute,
  bindCard,
  CARDS,
  Client,
  decided,
  issued,
  liveLoan,
  noon,
  onHostedPage,
  pay,
  payPage,
  person,
  registered,
  signed,
  signIn,
  untilPayment,
} from "../support/http";
import { Keyboard } from "../support/keyboard";
import { enterAs } from "../support/session";
import { expect, test, type World } from "../support/world";

/** Paths that axe has been at in this file. */
const seen = new Set<string>();

/** Pages that only send the browser on, or that a borrower never meets. */
const NO_PAGES = ["/ui", "/go/{where}", "/cards/{id}/return"];

/** Looked at where there are providers, in identity.spec.ts, where works are announced, in lenders/smsfinance.spec.ts, and
 * as an agent, in lenders/credit911-agents.spec.ts. */
const ELSEWHERE = /^\/(identity\/|works$|agent(\/|$))/;

/** Goes through pages as `client` sees them, with everything on them unfolded, and collects what axe finds. */
class Looker {
  readonly found: string[] = [];

  constructor(readonly page: Page) {}

  async at(paths: string[], client?: Client): Promise<void> {
    await this.page.context().clearCookies();
    if (client !== undefined) await enterAs(this.page, client);
    for (const path of paths) {
      const go = () => this.page.goto(path);
      // A page that waits moves on by itself when there is news, and may cut ours off in the middle.
      await go().catch(go);
      // Not somewhere else instead.
      await expect(this.page).toHaveURL((url) => url.pathname === path.split("?")[0]);
      seen.add(new URL(this.page.url()).pathname);
      await this.page.evaluate(() => document.querySelectorAll("details").forEach((it) => it.setAttribute("open", "")));
      this.found.push(...(await troubles(this.page)));
    }
  }
}

test.describe.serial("axe", () => {
  // The page that is not there.
  test.use({ expectedConsole: [/status of 404/] });

  test("no violations on any page of one loan, in both themes", async ({ page, world }) => {
    test.setTimeout(900_000);
    const { sandbox } = world;
    const look = new Looker(page);
    await noon(world);

    await test.step("before signing in", async () => {
      await look.at(["/", "/?product=long&amount=50000&term=6", "/apply?product=short&amount=20000&term=21", "/login"]);
      await look.at(["/public", "/verify", "/verify/nothing"]);
      await look.at(["/help", "/accessibility", "/legal/general_terms", "/legal/personal_data", "/no/such/page"]);
      const visitor = new Client(world.url);
      await visitor.postForm("access/request-code", { phone: "12345" }, "/login");
      await look.at(["/login"], visitor);
      await visitor.done("access/request-code", { phone: person(2).phone });
      await visitor.postForm("access/verify-code", { code: "000000" }, "/login/code");
      await look.at(["/login/code"], visitor);
      await visitor.postForm("support/question", { name: "", contact: "", text: "" }, "/feedback");
      await look.at(["/feedback"], visitor);
      await visitor.done("support/question", { name: "Мария", contact: "+79005551120", text: "Можно ли взять займ без прописки?" });
      await look.at(["/feedback/sent"], visitor);
    });

    const who = person(3);
    await test.step("the questionnaire, with answers refused as well", async () => {
      const client = await signIn(world, who.phone);
      await look.at(["/cabinet"], client);
      let next = await client.done("application/choose", { product: "short", amount: "20000", term: "21" });
      for (const [step, fields] of Object.entries(answers(who))) {
        await look.at([next], client);
        if (step === "passport" || step === "consents") {
          const wrong = Object.fromEntries(Object.keys(fields).map((name) => [name, "x"]));
          await client.postForm(`profile/${step}`, step === "consents" ? {} : wrong, next);
          await look.at([next], client);
        }
        next = await client.done(`profile/${step}`, fields);
      }
      await look.at(["/apply/review", "/cabinet", "/security", "/confirm?next=/security"], client);
    });

    await test.step("the same person on another device", async () => {
      await sandbox.advanceSeconds(61);
      const other = await signIn(world, who.phone);
      await other.postForm("access/prove", { tail: "0000" }, "/proof");
      await look.at(["/proof"], other);
    });

    await test.step("a refusal", async () => {
      const refused = await registered(world, 4);
      await sandbox.call("PUT", `/bureau/people/${refused.who.inn}`, { self_ban: true });
      await decided(refused);
      await look.at(["/application"], refused.client);
    });

    const offered = await approved(world, 1, { amount: 20_000, term: 21 });
    const { client, contract } = offered;
    await test.step("the offer and its signing", async () => {
      await look.at(["/application", `/offer/${contract}`, `/offer/${contract}/way`], client);
      const card = await bindCard(offered);
      await look.at([`/offer/${contract}`], client);
      await sandbox.skip(offered.phone);
      await client.done("application/prepare", { contract, assignment: "no", card });
      await look.at([`/offer/${contract}`], client);
      await client.done("application/sign", { contract, code: await sandbox.sms(offered.phone) });
    });

    const borrowing = { ...offered, card: "", loan: await issued(offered) };
    const { loan } = borrowing;
    const here = `/loans/${loan}`;
    await test.step("the loan, paying, prolonging", async () => {
      await sandbox.advanceDays(10);
      await look.at(["/cabinet", here, `${here}?on=2020-01-01`, `${here}/pay?what=payoff`, `${here}/pay?what=sum`], client);
      await look.at([`/documents/${loan}/contract`, `/documents/${loan}/schedule`], client);
      const open = await payPage(borrowing, "5000");
      await look.at([`${here}/pay`, `/payments/${open.payment}`], client);
      await onHostedPage(open.page, CARDS.plain);
      await untilPayment(client, open.payment, "succeeded");
      await look.at([`/payments/${open.payment}`, `${here}/prolong?days=14`], client);
      await look.at([await client.done("prolongation/prepare", { loan, days: "14" })], client);
    });

    await test.step("late, then paid off", async () => {
      await sandbox.advanceDays(23);
      await look.at(["/cabinet", here, `${here}/prolong`], client);
      const declined = await payPage(borrowing, "1000");
      await onHostedPage(declined.page, CARDS.declined);
      await untilPayment(client, declined.payment, "failed");
      await look.at([`/payments/${declined.payment}`], client);
      const all = await pay(borrowing, "payoff");
      await onHostedPage(all.location ?? "", CARDS.plain);
      await client.until(here, (it) => it.body.includes('data-status="closed"'), 30_000);
      await look.at([here, `${here}/certificate`, "/cabinet", "/offers"], client);
    });

    await test.step("money that waits, that was given up, and that the bank did not take", async () => {
      const cooling = await approved(world, 6, { product: "long", amount: 60_000, term: 6 });
      await signed(world, cooling, await bindCard(cooling));
      await look.at([`/offer/${cooling.contract}`], cooling.client);
      await cooling.client.done("application/cancel", { contract: cooling.contract });
      await look.at([`/offer/${cooling.contract}`], cooling.client);
      const failed = await approved(world, 7);
      await signed(world, failed, await bindCard(failed, CARDS.payoutRefused));
      const over = (it: { body: string }) => attribute(it.body, "payout", "data-status") === "failed";
      await failed.client.until(`/offer/${failed.contract}`, over, 60_000);
      await look.at([`/offer/${failed.contract}`], failed.client);
    });
    expect(look.found).toEqual([]);
  });

  test("no violations on one's own data, on paying early and on money back, in both themes", async ({ page, world }) => {
    test.setTimeout(600_000);
    const { sandbox } = world;
    const look = new Looker(page);
    await noon(world);
    const borrowing = await liveLoan(world, 5, { product: "long", amount: 40_000, term: 8 });
    const { client, loan, who } = borrowing;
    const here = `/loans/${loan}`;

    await test.step("what is known of a person", async () => {
      await look.at(["/profile", "/profile/work", "/papers", "/consents", "/diary", "/closing", "/phone", "/notices", "/documents"], client);
      await client.postForm("profile/work", { employer: "", income: "x" }, "/profile/work");
      await look.at(["/profile/work"], client);
    });

    await test.step("bonuses", async () => {
      await look.at(["/bonuses", "/invite", "/draws"], client);
      await look.at(["/i", "/i/nobodys"]);
    });

    await test.step("writing to the lender", async () => {
      const kinds = ["payment", "debt", "holidays", "passport", "complaint", "question"];
      await look.at(["/appeals", ...kinds.map((kind) => `/appeals/new/${kind}`)], client);
      await client.postForm("request/appeal", { kind: "payment", loan, text: "" }, "/appeals/new/payment");
      await look.at(["/appeals/new/payment"], client);
      const appeal = await client.done("request/appeal", { kind: "complaint", cause: "contacts", text: "Звонят дважды в день" });
      await look.at([appeal, "/appeals"], client);
      await client.postForm("support/chat-say", { key: randomUUID(), text: "" }, "/chat");
      await look.at(["/chat"], client);
      await client.done("support/chat-say", { key: randomUUID(), text: "Когда придёт справка?" });
      await look.at(["/chat"], client);
    });

    await test.step("paying early", async () => {
      const on = (await sandbox.now()).toISOString().slice(0, 10).split("-").reverse().join(".");
      await look.at([`${here}/early`, `${here}/early?on=${on}&amount=10000&keep=payment`, `${here}/early?amount=x`], client);
      await look.at([await client.done("payment/promise", { loan, on })], client);
    });

    await test.step("other ways to pay", async () => {
      await look.at([`${here}/autopay`, `${here}/services`, `${here}/transfer`], client);
      await client.done("payment/make-link", { loan, amount: "1000" });
      await look.at([`${here}/link`], client);
      const [address = ""] = (await client.get(`${here}/link`)).body.match(/\/p\/[\w-]+/) ?? [];
      await look.at([address]);
      const payer = new Client(world.url);
      const shown = (await payer.get(address)).body.match(/name="shown" value="(\d+)"/)?.[1] ?? "";
      const fields = { token: address.slice(3), key: randomUUID(), shown };
      const hosted = (await payer.post("payment/by-link", fields)).location ?? "";
      const back = new URL(await onHostedPage(hosted, CARDS.plain), world.url).pathname;
      await payer.until(back, (it) => attribute(it.body, "payer", "data-status") === "succeeded", 60_000);
      await look.at([back]);
    });

    await test.step("paid twice", async () => {
      const first = await payPage(borrowing, "payoff");
      await client.done("payment/not-paid", { payment: first.payment });
      const second = await pay(borrowing, "payoff");
      await onHostedPage(second.location ?? "", CARDS.plain);
      await onHostedPage(first.page, CARDS.plain);
      await client.until(`${here}/refund`, (it) => /data-kopecks="[1-9]/.test(it.body), 90_000);
      await look.at([here, `${here}/refund`], client);
      await client.done("refund/ask", { loan, key: randomUUID() });
      await look.at([`${here}/refund`], client);
    });

    await test.step("another phone, asked for from outside", async () => {
      const elsewhere = new Client(world.url);
      await look.at(["/phone-change"]);
      const fields = { old_phone: who.phone, phone: "+79005557700", passport: who.passport, birth_date: who.birthDate };
      await elsewhere.postForm("request/phone", { ...fields, passport: "1" }, "/phone-change");
      await look.at(["/phone-change"], elsewhere);
      await elsewhere.done("request/phone", fields);
      await elsewhere.done("access/verify-code", { code: await sandbox.sms("79005557700") });
      await look.at(["/phone-change/status"], elsewhere);
      await look.at(["/cabinet", "/hold"], client);
    });
    expect(look.found).toEqual([]);
  });

  test.describe("where people have passwords", () => {
    test.use({
      access: 'method = "phone_password"\npassword_from = "registration"\npassword_twice = true\nrestore = ["sms", "email"]',
    });

    /** The path of the link in the last letter to an address. */
    const link = async (world: World, to: string, what: RegExp) => {
      const letter = await world.sandbox.next(to, what, 10_000, "email");
      return letter.text.match(/https?:\/\/[^/]+(\/\S+)/)?.[1] ?? "";
    };

    test("no violations on any page of getting in, in both themes", async ({ page, world }) => {
      test.setTimeout(300_000);
      const look = new Looker(page);
      const who = person(1);
      const digits = who.phone.replace(/\D/g, "");
      const account = { phone: who.phone, email: who.email, password: "восемь сосен", repeat: "восемь сосен", consent: "yes" };
      const client = new Client(world.url);

      await test.step("registering", async () => {
        await look.at(["/login", "/register", "/register/in-use", "/register/exists", "/password/no-cabinet"]);
        await client.postForm("access/register", { ...account, password: "йцукенгш", consent: "" }, "/register");
        await look.at(["/register"], client);
        await client.done("access/register", account);
        await look.at(["/login/code"], client);
        await client.done("access/verify-code", { code: await world.sandbox.sms(digits) });
        await look.at(["/security"], client);
      });

      await test.step("a password that is not right, and one that was forgotten", async () => {
        const visitor = new Client(world.url);
        await visitor.postForm("access/sign-in", { phone: who.phone, password: "девять сосен" }, "/login");
        await look.at(["/login"], visitor);
        await look.at(["/password/forgot", "/password/sent"], visitor);
        await look.at([await link(world, who.email, /подтвердить этот адрес/), "/email/confirmed"], client);
      });

      await test.step("a new password", async () => {
        await world.sandbox.advanceSeconds(61);
        const owner = new Client(world.url);
        await owner.done("access/restore", { login: who.phone });
        await owner.done("access/verify-code", { code: await world.sandbox.sms(digits) });
        await look.at(["/password/new"], owner);
      });

      await test.step("a link that is no more", async () => {
        await look.at(["/password/link?token=x", "/email/link?token=x"]);
      });
      expect(look.found).toEqual([]);
    });
  });

  test.describe("where people sign in by e-mail and a picture is asked", () => {
    test.use({
      access: 'method = "email_password"\npassword_from = "registration"\nrestore = ["email"]\nchallenge = "picture"\nchallenge_after_failures = 1',
    });

    test("no violations on their pages, in both themes", async ({ page, world }) => {
      const look = new Looker(page);
      const visitor = new Client(world.url);
      await look.at(["/login", "/login?by=phone", "/register", "/password/forgot"]);
      await visitor.postForm("access/sign-in", { email: person(1).email, password: "девять сосен" }, "/login");
      await look.at(["/login"], visitor);
      const asked = await visitor.page("/login");
      const token = asked.match(/name="challenge" value="([^"]+)"/)?.[1];
      expect(token, "a picture is asked for").toBeDefined();
      const again = { email: person(1).email, password: "девять сосен", challenge: token ?? "", answer: "0" };
      await visitor.postForm("access/sign-in", again, "/login");
      await look.at(["/login"], visitor);
      await enterAs(page, visitor);
      await page.goto("/login");
      await expect(page.locator("#f-answer")).toHaveAccessibleDescription(/Введите цифры с этой картинки/);
      expect(look.found).toEqual([]);
    });
  });

  test("no page was left out", () => {
    const source = readFileSync(resolve(__dirname, "../../app/src/routes.rs"), "utf8");
    const pages = [...source.matchAll(/(?:place!\(|^ {4})"([^"]+)"/gm)].map(([, path = ""]) => path);
    expect(pages.length).toBeGreaterThan(40);
    const left = pages.filter((path) => {
      const address = new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);
      return !NO_PAGES.includes(path) && !ELSEWHERE.test(path) && ![...seen].some((it) => address.test(it));
    });
    expect(left).toEqual([]);
  });
});

test("a page that waits stands still until there is news", async ({ page, world }) => {
  const borrowing = await liveLoan(world, 1);
  await enterAs(page, borrowing.client);
  const open = await payPage(borrowing, "5000");
  await page.goto(`/payments/${open.payment}`);
  await expect(page.locator("[data-look-again]")).toHaveCount(1);
  await page.evaluate(() => Object.assign(globalThis, { stands: true }));
  const asked = () => page.waitForResponse((answer) => answer.url() === page.url());
  for (let look = 0; look < 2; look += 1) await asked();
  expect(await page.evaluate(() => "stands" in globalThis)).toBe(true);
  expect(await violationsInBothThemes(page)).toEqual([]);
  await onHostedPage(open.page, CARDS.plain);
  await expect(page.locator("#payment[data-status=succeeded]")).toBeVisible({ timeout: 20_000 });
});

test("one loan by keyboard alone: the focus is always seen, never covered, never caught, and goes down the page", async ({ page, world }) => {
  test.setTimeout(360_000);
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
      for (const [name, value] of Object.entries(fields)) {
        // Some questions are asked by some lenders alone.
        if ((await page.locator(`main [name="${name}"]`).count()) > 0) await keys.answer(name, value);
      }
      await keys.press("main button.wide[type=submit]");
    }
    await expect(page).toHaveURL(/\/apply\/review/);
    await send("#submit");
  });

  await test.step("the offer and its signing", async () => {
    await expect(page.locator("#to-offer")).toBeVisible({ timeout: 20_000 });
    await keys.press("#to-offer");
    await expect(page).toHaveURL(/\/offer\//);
    await keys.lookInto("#cancel-dialog-open", "#cancel-dialog");
    await page.reload();
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

  const loan = new URL(page.url()).pathname;
  const paid = async () => {
    await b.card(CARDS.plain);
    await expect(page.locator("#payment")).toHaveAttribute("data-status", "succeeded", { timeout: 20_000 });
  };

  await test.step("the loan, and a part paid", async () => {
    await expect(page.locator("#debt")).toBeVisible();
    await keys.press("#why summary");
    await expect(page.locator("#why")).toHaveAttribute("open", "");
    await keys.press("main a[href*='/pay']");
    await expect(page).toHaveURL(/\/pay/);
    await b.live(page.locator("#pay"));
    await keys.choose("what", "sum");
    await keys.type("[name=amount]", "1000");
    await keys.press("#pay");
    await paid();
    await keys.press("#to-loan");
    await expect(page).toHaveURL(new RegExp(`${loan}$`));
  });

  await test.step("a prolongation", async () => {
    await world.sandbox.advanceDays(5);
    await page.reload();
    await keys.press("#prolong");
    await expect(page).toHaveURL(/\/prolong/);
    await keys.type("#f-days", "15");
    await keys.press("#days-form button.second");
    await expect(page.locator("#preview")).toHaveAttribute("data-days", "15");
    await send("#prolong-prepare");
    await expect(page).toHaveURL(/\/prolongations\//);
    await keys.type("#f-code", await world.sandbox.sms(b.phoneDigits));
    await send("#sign");
    await paid();
  });

  await test.step("paid off, and the certificate", async () => {
    await keys.press("#to-loan");
    await keys.press("main a[href*='/pay']");
    await b.live(page.locator("#pay"));
    await keys.choose("what", "payoff");
    await keys.press("#pay");
    await paid();
    await keys.press("#to-certificate");
    await expect(page.locator("#certificate")).toContainText("0,00");
  });

  await test.step("leaving", async () => {
    await keys.press("#sign-out");
    await expect(page.locator("#sign-in")).toBeVisible();
  });
  expect(keys.unseen).toEqual([]);
  expect(keys.hidden).toEqual([]);
  expect(keys.astray).toEqual([]);
});
