// Every page of the cabinet in six looks. The states are lived through by plain HTTP, the pictures are taken between.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  answers,
  approved,
  attribute,
  bindCard,
  CARDS,
  Client,
  decided,
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
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";
import { Album, bind, leftOut } from "./album";
import { agents, staff } from "./staff";
import { waysIn } from "./ways-in";

const LENDERS = readdirSync(resolve(__dirname, "../../lenders"))
  .filter((file) => file.endsWith(".toml"))
  .map((file) => file.replace(".toml", ""));

// Pages that only send the browser on.
const NO_PAGES = ["/go/{where}", "/cards/{id}/return", "/identity/{provider}/return"];

/** Of the staff: they need money to be given back or that nobody can assign, or two colleagues in turn. Their specs photograph them. */
const IN_SPECS = [
  ...["/staff/enter", "/staff/code", "/staff/password", "/staff/refunds/{id}"],
  ...["/staff/money/{id}", "/staff/adjustments/{id}", "/staff/agents/payouts/{id}"],
];

const routes = (file: string, pattern: RegExp) => {
  const source = readFileSync(resolve(__dirname, "../../app/src", file), "utf8");
  return [...source.matchAll(pattern)].map(([, path = ""]) => path);
};

test.describe.configure({ mode: "serial" });

test("ways in", async ({ browser }) => {
  await waysIn(browser, LENDERS);
});

test("every page", async ({ browser, world, page }) => {
  const album = new Album(browser, world.url, LENDERS);
  const { sandbox } = world;
  await noon(world);

  await test.step("before signing in", async () => {
    await album.take({
      "00-ui": "/ui",
      "01-landing": "/",
      "01-landing-parts": "/?product=long&amount=50000&term=6",
      "01-landing-moved": "/?product=short&amount=999999&term=90",
      "02-apply": "/apply?product=short&amount=20000&term=21",
      "03-login": "/login",
      "04-legal": "/legal/general_terms",
      "05-not-found": "/no/such/page",
      "17-help": "/help",
      "17-accessibility": "/accessibility",
      "18-email-link-stale": "/email/link?token=0",
      "19-phone-change": "/phone-change",
      "31-public": "/public",
      "31-verify": "/verify",
      "05-offline": "/offline",
      "36-draws": "/draws",
      "36-code-unknown": "/i/nobodys",
    });
    const visitor = new Client(world.url);
    await visitor.postForm("access/request-code", { phone: "12345" }, "/login");
    await album.take({ "03-login-wrong": "/login" }, visitor);
    await visitor.done("access/request-code", { phone: person(90).phone });
    await album.take({ "03-code": "/login/code" }, visitor);
    await visitor.postForm("access/verify-code", { code: "000000" }, "/login/code");
    await album.take({ "03-code-wrong": "/login/code" }, visitor);
  });

  await test.step("the questionnaire", async () => {
    const who = person(91);
    const client = await signIn(world, who.phone);
    await album.take({ "06-home-empty": "/cabinet" }, client);
    let next = await client.done("application/choose", { product: "long", amount: "60000", term: "6" });
    for (const [step, fields] of Object.entries(answers(who))) {
      if (next !== `/apply/${step}`) continue;
      await album.take({ [`07-${step}`]: next }, client);
      const wrong = Object.fromEntries(Object.keys(fields).map((name) => [name, "x"]));
      if (step === "passport" || step === "consents") {
        await client.postForm(`profile/${step}`, step === "consents" ? {} : wrong, next);
        await album.take({ [`07-${step}-wrong`]: next }, client);
      }
      next = await client.done(`profile/${step}`, fields);
    }
    await album.take({ "07-review": "/apply/review", "06-home-draft": "/cabinet" }, client);
  });

  await test.step("one's own data", async () => {
    const { client, who } = await liveLoan(world, 89);
    await album.take(
      {
        "20-profile": "/profile",
        "20-profile-work": "/profile/work",
        "20-profile-passport": "/profile/passport",
        "21-papers": "/papers",
        "22-consents": "/consents",
        "23-diary": "/diary",
        "24-closing": "/closing",
        "25-security": "/security",
        "25-confirm": "/confirm?next=/profile",
        "26-phone": "/phone",
        "30-notices": "/notices",
        "31-documents": "/documents",
      },
      client,
    );
    const elsewhere = new Client(world.url);
    const fields = { old_phone: who.phone, phone: "+79005557700", passport: who.passport, birth_date: who.birthDate };
    await elsewhere.done("request/phone", fields);
    await elsewhere.done("access/verify-code", { code: await sandbox.sms("79005557700") });
    await album.take({ "19-phone-change-status": "/phone-change/status" }, elsewhere);
    await album.take({ "06-home-held": "/cabinet", "27-hold": "/hold" }, client);
  });

  await test.step("decisions", async () => {
    const refused = await registered(world, 92);
    await sandbox.call("PUT", `/bureau/people/${refused.who.inn}`, { self_ban: true });
    await decided(refused);
    await album.take({ "08-refused": "/application" }, refused.client);
    const specialist = await registered(world, 93);
    await sandbox.call("PUT", `/bureau/people/${specialist.who.inn}`, { score: 300 });
    await decided(specialist);
    await album.take({ "08-specialist": "/application", "06-home-specialist": "/cabinet" }, specialist.client);
  });

  await test.step("the offer and the money", async () => {
    const offered = await approved(world, 94);
    await album.take({ "08-approved": "/application", "09-offer-no-card": `/offer/${offered.contract}` }, offered.client);
    const refusing = await bindCard(offered, CARDS.payoutRefused);
    await album.take({ "09-offer": `/offer/${offered.contract}` }, offered.client);
    await offered.client.done("application/prepare", { contract: offered.contract, assignment: "no", card: refusing });
    await album.take({ "09-offer-sign": `/offer/${offered.contract}` }, offered.client);
    await offered.client.postForm("application/sign", { contract: offered.contract, code: "000000" }, `/offer/${offered.contract}`);
    await album.take({ "09-offer-code-wrong": `/offer/${offered.contract}` }, offered.client);
    await sandbox.order({ on: "payouts.create", kind: "hang", ms: 60_000, times: 1 });
    await sandbox.advanceSeconds(61);
    await sandbox.skip(offered.phone);
    await offered.client.done("application/resend-code", { contract: offered.contract });
    await offered.client.done("application/sign", { contract: offered.contract, code: await sandbox.sms(offered.phone) });
    await album.take({ "10-payout-under-way": `/offer/${offered.contract}` }, offered.client);
    await sandbox.clearFaults();
    const failed = await approved(world, 95);
    await signed(world, failed, await bindCard(failed, CARDS.payoutRefused));
    await failed.client.until(`/offer/${failed.contract}`, (it) => attribute(it.body, "payout", "data-status") === "failed", 60_000);
    await album.take({ "10-payout-failed": `/offer/${failed.contract}` }, failed.client);
    const cooling = await approved(world, 96, { product: "long", amount: 60_000, term: 6 });
    await album.take({ "09-offer-parts": `/offer/${cooling.contract}` }, cooling.client);
    await signed(world, cooling, await bindCard(cooling));
    await album.take({ "10-cooling": `/offer/${cooling.contract}` }, cooling.client);
    await cooling.client.done("application/cancel", { contract: cooling.contract });
    await album.take({ "10-cancelled": `/offer/${cooling.contract}` }, cooling.client);
  });

  await test.step("the loan", async () => {
    const borrowing = await liveLoan(world, 97);
    const { client, loan } = borrowing;
    const here = `/loans/${loan}`;
    await album.take({ "11-loan-first-day": here }, client);
    await sandbox.advanceDays(10);
    const later = new Date((await sandbox.now()).getTime() + 5 * 86_400_000).toISOString().slice(0, 10);
    await album.take({ "06-home-loan": "/cabinet", "11-loan": here, "11-loan-on-date": `${here}?on=${later}` }, client);
    await album.take({ "11-loan-opened": here }, client, async (page) => {
      await page.evaluate(() => document.querySelectorAll("main details").forEach((it) => it.setAttribute("open", "")));
    });
    await album.take({ "12-pay": `${here}/pay?what=payoff`, "12-pay-part": `${here}/pay?what=sum` }, client);
    await client.postForm("payment/start", { loan, key: randomUUID(), what: "sum", amount: "много" }, `${here}/pay`);
    await album.take({ "12-pay-wrong": `${here}/pay` }, client);
    const open = await payPage(borrowing, "5000");
    await album.take({ "12-pay-unfinished": `${here}/pay`, "13-payment-waiting": `/payments/${open.payment}` }, client);
    await onHostedPage(open.page, CARDS.plain);
    await untilPayment(client, open.payment, "succeeded");
    await album.take({ "13-payment-succeeded": `/payments/${open.payment}`, "11-loan-paid-part": here }, client);
    const declined = await payPage(borrowing, "1000");
    await onHostedPage(declined.page, CARDS.declined).catch(() => "");
    await untilPayment(client, declined.payment, "failed");
    await album.take({ "13-payment-failed": `/payments/${declined.payment}` }, client);
    await album.take({ "14-prolong": `${here}/prolong?days=14` }, client);
    const prolongation = await client.done("prolongation/prepare", { loan, days: "14" });
    await album.take({ "14-prolong-sign": prolongation }, client);
    await album.take({ "15-document": `/documents/${loan}/contract` }, client);
    await album.take({ "15-document-print": `/documents/${loan}/contract` }, client, (page) => page.emulateMedia({ media: "print" }));
    await sandbox.advanceDays(23);
    await album.take({ "06-home-overdue": "/cabinet", "11-loan-overdue": here, "14-prolong-impossible": `${here}/prolong` }, client);
    await sandbox.advanceDays(300);
    await album.take({ "11-loan-at-cap": here }, client);
    const all = await pay(borrowing, "payoff");
    await onHostedPage(all.location ?? "", CARDS.plain);
    const closed = () => client.until(here, (it) => it.body.includes('data-status="closed"'), 30_000);
    await closed();
    await album.take({ "16-certificate-print": `${here}/certificate` }, client, (page) => page.emulateMedia({ media: "print" }));
    await album.take({ "16-closed": here, "16-certificate": `${here}/certificate`, "06-home-closed": "/cabinet" }, client);
  });

  await test.step("a loan in parts", async () => {
    const { client, loan } = await liveLoan(world, 98, { product: "long", amount: 40_000, term: 8 });
    await sandbox.advanceDays(20);
    await album.take({ "11-loan-in-parts": `/loans/${loan}` }, client);
    const on = new Date((await sandbox.now()).getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
    await album.take(
      { "28-early": `/loans/${loan}/early`, "28-early-part": `/loans/${loan}/early?on=${on}&amount=10000&keep=payment` },
      client,
    );
    const promised = await client.done("payment/promise", { loan, on: on.split("-").reverse().join(".") });
    await album.take({ "28-quote": promised }, client);
  });

  await test.step("money too much, and its way back", async () => {
    const borrowing = await liveLoan(world, 99);
    const { client, loan } = borrowing;
    const first = await payPage(borrowing, "payoff");
    await client.done("payment/not-paid", { payment: first.payment });
    const second = await pay(borrowing, "payoff");
    await onHostedPage(second.location ?? "", CARDS.plain);
    await onHostedPage(first.page, CARDS.plain);
    const here = `/loans/${loan}/refund`;
    await client.until(here, (it) => it.status === 200 && /data-kopecks="[1-9]/.test(it.body), 90_000);
    await album.take({ "29-overpaid": `/loans/${loan}`, "29-refund": here }, client);
  });

  await test.step("around the loan", async () => {
    const { client, loan } = await liveLoan(world, 88);
    await album.take({ "33-services": `/loans/${loan}/services`, "33-autopay": `/loans/${loan}/autopay`, "33-transfer": `/loans/${loan}/transfer` }, client);
    await client.done("payment/make-link", { loan, amount: "1000" });
    await album.take({ "33-link": `/loans/${loan}/link` }, client);
    const [address = ""] = (await client.get(`/loans/${loan}/link`)).body.match(/\/p\/[\w-]+/) ?? [];
    await album.take({ "33-payer": address });
    await album.take({ "34-appeals-none": "/appeals", "34-appeal-new": "/appeals/new/payment" }, client);
    await client.postForm("request/appeal", { kind: "payment", loan, text: "" }, "/appeals/new/payment");
    await album.take({ "34-appeal-wrong": "/appeals/new/payment" }, client);
    const appeal = await client.done("request/appeal", { kind: "complaint", cause: "contacts", text: "Звонят дважды в день" });
    await album.take({ "34-appeals": "/appeals", "34-appeal": appeal }, client);
    await album.take({ "35-chat-none": "/chat" }, client);
    await client.done("support/chat-say", { key: randomUUID(), text: "Когда придёт справка?" });
    await album.take({ "35-chat": "/chat" }, client);
    await album.take({ "35-feedback": "/feedback" });
    const asking = new Client(world.url);
    await asking.done("support/question", { name: "Мария", contact: "+79005551120", text: "Можно ли взять займ без прописки?" });
    await album.take({ "35-feedback-sent": "/feedback/sent" }, asking);
    await album.take({ "36-offers": "/offers", "36-bonuses": "/bonuses", "36-invite": "/invite" }, client);
    await album.take({ "36-code": "/i" });
    const shown = (await new Client(world.url).get(address)).body.match(/name="shown" value="(\d+)"/)?.[1] ?? "";
    const payer = new Client(world.url);
    const hosted = (await payer.post("payment/by-link", { token: address.slice(3), key: randomUUID(), shown })).location ?? "";
    const back = new URL(await onHostedPage(hosted, CARDS.plain), world.url).pathname;
    await payer.until(back, (it) => attribute(it.body, "payer", "data-status") === "succeeded", 60_000);
    await album.take({ "33-payer-paid": back });
    const choosing = await approved(world, 87);
    await album.take({ "32-way": `/offer/${choosing.contract}/way` }, choosing.client);
  });

  await test.step("a device never seen before", async () => {
    const known = await registered(world, 85);
    await sandbox.advanceSeconds(61);
    const other = await signIn(world, known.who.phone);
    await album.take({ "03-proof": "/proof" }, other);
  });

  await test.step("a paper that anybody can check", async () => {
    const { client } = await liveLoan(world, 84);
    await enterAs(page, client);
    await page.goto("/documents");
    const form = page.locator("[data-issue=statement]");
    await page.locator("details", { has: form }).locator("summary").click();
    await form.locator("[name=from]").fill(await form.locator("[name=to]").inputValue());
    await form.locator("button").click();
    const link = page.locator("[data-document=statement] a").first();
    await expect(page.locator("#made")).toBeVisible();
    const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const text = execFileSync("pdftotext", ["-raw", await file.path(), "-"], { encoding: "utf8" });
    const [address = "/verify/none"] = text.replace(/\s+/g, "").match(/\/verify\/[0-9a-z]{20,42}/) ?? [];
    await album.take({ "31-verified": address });
  });

  await test.step("agents", () => agents(browser, world, album));
  await test.step("the staff", () => staff(browser, world, album));

  await test.step("works that were announced", async () => {
    const { client } = await liveLoan(world, 83);
    const moscow = async (minutes: number) =>
      new Date((await sandbox.now()).getTime() + (180 + minutes) * 60_000).toISOString().slice(0, 16);
    await world.kopeck("works", "announce", "--from", await moscow(60), "--until", await moscow(180));
    await expect.poll(async () => (await client.page("/cabinet")).includes("data-works=")).toBe(true);
    await album.take({ "37-works-ahead": "/works", "37-home-works": "/cabinet" }, client);
    await sandbox.advanceSeconds(61 * 60);
    await album.take({ "37-works-now": "/works" }, client);
  });
});

test("no page was left out", () => {
  // A part of the gallery leaves out the rest.
  if ((process.env.PAGES ?? "") !== "") return;
  const borrowers = routes("routes.rs", /(?:place!\(|^ {4})"([^"]+)"/gm).filter((path) => !NO_PAGES.includes(path));
  const workplace = routes("staff/routes.rs", /page!\(\s*"([^"]+)"/g).filter((path) => !IN_SPECS.includes(path));
  expect(borrowers.length + workplace.length).toBeGreaterThan(90);
  expect(leftOut([...borrowers, ...workplace])).toEqual([]);
});

test.afterAll(() => {
  expect(bind()).toBeGreaterThan(0);
});
