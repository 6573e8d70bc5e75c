// What is decided about an application, and what becomes of an offer nobody signs.
import { createHash, randomUUID } from "node:crypto";
import {
  approved,
  attribute,
  bindCard,
  decided,
  issued,
  noon,
  refusal,
  registered,
  signed,
  text,
  type Known,
} from "../../support/http";
import { expect, test, type World } from "../../support/world";

const sha256 = (of: string) => createHash("sha256").update(of).digest("hex");
const person = (world: World, known: Known, says: object) =>
  world.sandbox.call("PUT", `/bureau/people/${known.who.inn}`, says);
const status = (html: string) => attribute(html, "application", "data-status") ?? "none";
const rules = (html: string) => [...html.matchAll(/data-rule="(\w+)"/g)].map(([, rule]) => rule);

test("each rule refuses by its own name, and nothing else does", async ({ world }) => {
  const loan = (psk: string, more = {}) => ({ psk, amount: "10000.00", monthly_payment: "1000.00", ...more });
  const cases: [number, object, string, string[]][] = [
    [1, { self_ban: true }, "refused", ["self_ban"]],
    [2, { open_loans: [loan("250.000"), loan("292.000")] }, "refused", ["expensive_loans"]],
    [3, { score: 299 }, "refused", ["score"]],
    [4, { open_loans: [loan("292.000"), loan("200.000"), loan("292.000", { repaid_on: "2026-01-15" })] }, "approved", []],
    [5, { score: 420 }, "approved", []],
    [6, { score: 300 }, "specialist", []],
  ];
  for (const [n, says, expected, named] of cases) {
    const known = await registered(world, n);
    await person(world, known, says);
    const html = await decided(known);
    expect([status(html), rules(html)], JSON.stringify(says)).toEqual([expected, named]);
  }

  await test.step("the database of fraud cases knows a passport or a phone", async () => {
    const [byPassport, byPhone] = [await registered(world, 7), await registered(world, 8)];
    await world.sandbox.call("PUT", `/fraud/matches/${sha256(byPassport.who.passport)}`);
    await world.sandbox.call("PUT", `/fraud/matches/${sha256(byPhone.phone)}`);
    for (const known of [byPassport, byPhone]) {
      const html = await decided(known);
      expect([status(html), rules(html)]).toEqual(["refused", ["fraud_database"]]);
      expect(text(html)).toContain("исправляет Банк России");
    }
  });

  await test.step("a loan below the threshold is not an expensive one: the free first loan may be a third", async () => {
    const known = await registered(world, 9, { amount: 15_000, term: 20 });
    await person(world, known, { open_loans: [loan("292.000"), loan("292.000")] });
    expect(status(await decided(known))).toBe("approved");
  });

  await test.step("a public official is for a person to accept; a specialist may also refuse", async () => {
    const known = await registered(world, 10);
    const passport = { public_official: "yes", passport: known.who.passport, passport_code: "770-001", inn: known.who.inn };
    const rest = { passport_issuer: "ОВД «Арбат»", passport_date: "20.06.2015", birth_place: "Москва", citizenship: "Россия" };
    await known.client.done("profile/passport", { ...passport, ...rest });
    const html = await decided(known);
    expect(status(html)).toBe("specialist");
    const [, number = ""] = html.match(/id="application-number"[^>]*>([0-9a-f-]{36})/) ?? [];
    expect((await world.kopeck("decide", number, "--refuse", "")).code).not.toBe(0);
    expect((await world.kopeck("decide", number, "--refuse", "документы не подтвердились")).code).toBe(0);
    expect(status(await known.client.page("/application"))).toBe("refused");
    expect((await world.kopeck("decide", number, "--approve")).code).not.toBe(0);
    await world.sandbox.next(known.phone, /отказ/);
  });
});

test("while the bureau is silent the application waits, and then goes on by itself", async ({ world }) => {
  const known = await registered(world, 1);
  await world.sandbox.order({ on: "bureau.report", kind: "error500", times: 0 });
  await known.client.done("application/submit", { key: randomUUID() });
  const { body } = await known.client.until("/application", (answer) => status(answer.body) === "checking");
  expect(body).toMatch(/http-equiv="?refresh/);
  expect(text(body)).toContain("Ждём ответа бюро");
  await new Promise((done) => setTimeout(done, 2_500));
  expect(status(await known.client.page("/application"))).toBe("checking");
  const again = await known.client.post("application/submit", { key: randomUUID() });
  expect([again.status, refusal(again).reason]).toEqual([409, "application_open"]);
  await world.sandbox.clearFaults();
  await known.client.until("/application", (answer) => status(answer.body) === "approved");
});

test("one open loan per product, and the first loan's price only once", async ({ world }) => {
  await noon(world);
  const offered = await approved(world, 1, { amount: 15_000, term: 20 });
  expect(attribute(await offered.client.page(`/offer/${offered.contract}`), "psk-percent", "data-thousandths")).toBe("0");
  await signed(world, offered, await bindCard(offered));
  await issued(offered);
  const home = await offered.client.page("/");
  expect(attribute(home, "promo", "class")).toBeUndefined();
  await offered.client.done("application/choose", { product: "short", amount: "10000", term: "10" });
  const same = await offered.client.post("application/submit", { key: randomUUID() });
  expect([same.status, refusal(same).reason]).toEqual([409, "loan_open"]);
  expect(refusal(same).text).toContain("Новый можно взять, когда вернёте этот");
});

test("an offer waits five working days and no longer", async ({ world }) => {
  await noon(world);
  const offered = await approved(world, 1);
  const { client, contract } = offered;
  const expires = attribute(await client.page(`/offer/${contract}`), "expires", "data-date") ?? "";
  const card = await bindCard(offered);
  const now = await world.sandbox.now();
  const days = Math.round((Date.parse(`${expires}T09:00:00Z`) - now.getTime()) / 86_400_000);
  expect(days).toBeGreaterThanOrEqual(5);
  await world.sandbox.advanceDays(days);
  const last = await client.page(`/offer/${contract}`);
  expect(attribute(last, "offer", "data-status")).toBe("offered");
  expect(text(last)).toContain("Сегодня последний день");
  await world.sandbox.advanceDays(1);
  expect(attribute(await client.page(`/offer/${contract}`), "offer", "data-status")).toBe("expired");
  const late = await client.post("application/prepare", { contract, assignment: "no", card });
  expect([late.status, refusal(late).reason]).toEqual([409, "offer_expired"]);
  // Nothing stands in the way of another one, and nothing is asked twice.
  const next = await client.done("application/choose", { product: "short", amount: "20000", term: "30" });
  expect(next).toBe("/apply/review");
  expect(status(await decided(offered))).toBe("approved");
});
