// A loan by the calendar, in figures: nothing here depends on a browser.
import { createHash } from "node:crypto";
import {
  approved,
  attribute,
  bindCard,
  CARDS,
  debt,
  issued,
  liveLoan,
  noon,
  onHostedPage,
  operations,
  pay,
  payPage,
  refusal,
  signed,
  text,
  untilPayment,
  type Borrowing,
} from "../../support/http";
import { expect, test, type World } from "../../support/world";

const DAY = 86_400_000;
const sha256 = (content: string) => createHash("sha256").update(content, "utf8").digest("hex");
const later = (date: string, days: number) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
const today = async (world: World) => later((await world.sandbox.now()).toISOString(), 0);

/** Kopecks of every row that explains the debt. */
function why(html: string): number[] {
  const [, rows = ""] = html.match(/<details[^>]*id="why".*?<tbody>(.*?)<\/tbody>/s) ?? [];
  return [...rows.matchAll(/data-kopecks="(-?\d+)"/g)].map(([, kopecks]) => Number(kopecks));
}

const sum = (all: number[]) => all.reduce((total, one) => total + one, 0);
const ways = (html: string) => [...html.matchAll(/data-path="(\w+)"/g)].map(([, name]) => name);

async function paid(borrowing: Borrowing, amount: string | "payoff"): Promise<void> {
  const { page, payment } = await payPage(borrowing, amount);
  await onHostedPage(page, CARDS.plain);
  await untilPayment(borrowing.client, payment, "succeeded");
}

/** The canonical text of a document, as its page shows it. */
async function paper(borrowing: Borrowing, path: string): Promise<{ text: string; hash: string | undefined }> {
  const html = await borrowing.client.page(path);
  const [, shown = ""] = html.match(/<pre class="canonical">(.*?)<\/pre>/s) ?? [];
  const plain = shown.replace(/<!(--.*?--)?>/g, "").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  return { text: plain, hash: attribute(html, "hash", "data-hash") };
}

test("the term counts from the day the money left", async ({ world }) => {
  await noon(world);
  const offered = await approved(world, 1, { amount: 20_000, term: 30 });
  const { client, contract } = offered;
  const card = await bindCard(offered);
  // The bank takes the transfer and keeps it until the next day.
  await world.sandbox.order({ on: "settle.payout", kind: "lost", times: 0 });
  await signed(world, offered, card);
  const signing = await today(world);
  const offer = `/offer/${contract}`;
  await client.until(offer, ({ body }) => attribute(body, "payout", "data-status") === "waiting");
  await world.sandbox.advanceDays(1);
  expect((await client.get(offer)).location).toBeNull();
  await world.sandbox.clearFaults();
  const { payouts } = await world.sandbox.call<{ payouts: { id: string }[] }>("GET", "/register.json");
  await world.sandbox.call("POST", `/payouts/${payouts[0]?.id}/settle`);
  const loan = await issued(offered);
  const borrowing = { ...offered, card, loan };

  const start = later(signing, 1);
  const html = await client.page(`/loans/${loan}`);
  expect(attribute(html, "due", "data-date")).toBe(later(start, 30));
  expect(await debt(borrowing)).toBe(2_000_000);
  // The day of the money is not counted, the next one is.
  await world.sandbox.advanceDays(1);
  expect(await debt(borrowing)).toBe(2_016_000);

  const schedule = await paper(borrowing, `/documents/${loan}/schedule`);
  expect(sha256(schedule.text)).toBe(schedule.hash);
  expect(schedule.text).toContain("не в день подписания");
  const agreed = await paper(borrowing, `/documents/${loan}/contract`);
  expect(sha256(agreed.text)).toBe(agreed.hash);
  expect(agreed.text).not.toBe(schedule.text);
});

test("a first loan without interest costs nothing until its day", async ({ world }) => {
  const borrowing = await liveLoan(world, 1, { amount: 10_000, term: 15 });
  for (let day = 0; day < 15; day += 5) {
    expect(await debt(borrowing)).toBe(1_000_000);
    await world.sandbox.advanceDays(5);
  }
  const html = await borrowing.client.page(`/loans/${borrowing.loan}`);
  expect(attribute(html, "debt", "data-kopecks")).toBe("1000000");
  expect(sum(why(html))).toBe(1_000_000);
  await paid(borrowing, "payoff");
  expect(attribute(await borrowing.client.page(`/loans/${borrowing.loan}`), "closed", "data-status")).toBe("closed");
  expect((await operations(borrowing)).map(({ kopecks }) => kopecks)).toEqual([1_000_000, 1_000_000]);
});

test("every day the rows add up, and the law's limit stops them", async ({ world }) => {
  // Reminders go by day only.
  await noon(world);
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const { client, loan } = borrowing;
  const first = await today(world);
  await world.sandbox.advanceDays(7);
  await paid(borrowing, "1 234,56");

  const on = async (day: number) => {
    const html = await client.page(`/loans/${loan}?on=${later(first, day)}`);
    const owed = Number(attribute(html, "debt", "data-kopecks"));
    expect(sum(why(html)), `day ${day}`).toBe(owed);
    return { owed, accrued: Number(attribute(html, "cap", "data-accrued")) };
  };
  let before = await on(7);
  for (const day of [8, 20, 30, 31, 32, 60, 100, 150]) {
    const after = await on(day);
    expect(after.owed, `day ${day}`).toBeGreaterThan(before.owed);
    before = after;
  }
  const [reached, yearLater] = [await on(300), await on(665)];
  expect(reached.accrued).toBe(2_000_000);
  expect(yearLater).toEqual(reached);

  await test.step("a date that is none is said beside the field", async () => {
    for (const wrong of ["вчера", "31.02.2027", later(first, -1), later(first, 5_000), "'; DROP TABLE loan"]) {
      const html = await client.page(`/loans/${loan}?on=${encodeURIComponent(wrong)}`);
      expect(text(html), wrong).toContain("Выберите день с");
      expect(attribute(html, "f-on", "aria-invalid"), wrong).toBe("true");
    }
  });

  await test.step("late: the bureau and the phone are told the day after", async () => {
    await world.sandbox.skip(borrowing.phone);
    await world.sandbox.advanceDays(23);
    expect(attribute(await client.page(`/loans/${loan}`), "late", "data-days")).toBeUndefined();
    await world.sandbox.next(borrowing.phone, /сегодня платёж .* до 23:59/);
    await world.sandbox.advanceDays(1);
    const html = await client.page(`/loans/${loan}`);
    expect(attribute(html, "late", "data-days")).toBe("1");
    expect(ways(html)).toEqual(["pay_today", "late"]);
    const [, owed = ""] = html.match(/id="payoff"[^>]*>([^<]*)</) ?? [];
    const { text: told } = await world.sandbox.next(borrowing.phone, /не пришёл/);
    expect(told).toContain(owed.replace(/^.*—\s*/, "").trim());
    await expect.poll(async () => /data-kind="overdue"/.test(await client.page(`/loans/${loan}`))).toBe(true);
  });
});

test("a loan in parts: each payment closes its line, the last one the loan", async ({ world }) => {
  const borrowing = await liveLoan(world, 1, { product: "long", amount: 30_000, term: 6 });
  const { client, loan } = borrowing;
  const lines = async () => {
    const html = await client.page(`/loans/${loan}`);
    const [, table = ""] = html.match(/id="schedule".*?<tbody>(.*?)<\/tbody>/s) ?? [];
    return [...table.matchAll(/<tr data-status="(\w+)".*?data-kopecks="(\d+)"/gs)].map(([, status, kopecks]) => ({
      status,
      kopecks: Number(kopecks),
    }));
  };
  const plan = await lines();
  expect(plan.map(({ status }) => status)).toEqual(["due", "ahead", "ahead", "ahead", "ahead", "ahead"]);
  for (const [index, line] of plan.entries()) {
    await world.sandbox.advanceDays(14);
    const left = await debt(borrowing);
    // The last line is the debt itself, to the kopeck.
    if (index === plan.length - 1) expect(left).toBe(line.kopecks);
    await paid(borrowing, (line.kopecks / 100).toFixed(2).replace(".", ","));
    expect((await lines())[index]).toEqual({ status: "paid", kopecks: line.kopecks });
  }
  expect(await debt(borrowing)).toBe(0);
  expect(attribute(await client.page(`/loans/${loan}`), "closed", "data-status")).toBe("closed");
  expect((await client.get(`/loans/${loan}/certificate`)).status).toBe(200);
});

test("five prolongations a year, and a kind word about the sixth", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const { client, loan, phone } = borrowing;
  const path = `/loans/${loan}/prolong?days=7`;
  let due = attribute(await client.page(`/loans/${loan}`), "due", "data-date") ?? "";
  for (let left = 4; left >= 0; left -= 1) {
    await world.sandbox.advanceDays(1);
    const preview = await client.page(path);
    expect(attribute(preview, "left", "data-left")).toBe(String(left));
    expect(attribute(preview, "pay-now", "data-kopecks")).toBe("16000");
    const agreement = await client.done("prolongation/prepare", { loan, days: "7" });
    const prolongation = agreement.replace("/prolongations/", "");
    const hosted = await client.done("prolongation/sign", { prolongation, code: await world.sandbox.sms(phone) });
    // Signed is not prolonged.
    expect(attribute(await client.page(`/loans/${loan}`), "due", "data-date")).toBe(due);
    const back = new URL(await onHostedPage(hosted, CARDS.plain));
    await client.until(back.pathname, ({ body }) => attribute(body, "payment", "data-status") === "succeeded");
    due = later(due, 7);
    expect(attribute(await client.page(`/loans/${loan}`), "due", "data-date")).toBe(due);
    expect(await debt(borrowing)).toBe(2_000_000);
    const agreed = await paper(borrowing, `/documents/${loan}/prolongation-${5 - left}`);
    expect(sha256(agreed.text)).toBe(agreed.hash);
  }

  await world.sandbox.advanceDays(1);
  const sixth = await client.page(path);
  expect(text(sixth)).toContain("Продлений за год уже столько, сколько разрешено. Следующее — с");
  expect(text(sixth)).toContain("Можно заплатить часть");
  expect(attribute(sixth, "prolong-prepare", "type")).toBeUndefined();
  const refused = await client.post("prolongation/prepare", { loan, days: "7" });
  expect(refused.status).toBe(409);
  expect(refusal(refused).reason).toBe("prolongation_count");
  const html = await client.page(`/loans/${loan}`);
  expect(ways(html)).toEqual(["pay_today", "pay_part", "pay_on_due", "late"]);
  expect(attribute(html, "prolong", "href")).toBeUndefined();
});

test("a sum is any sum from a rouble to the whole debt, and leaves no tail that can't be paid", async ({ world }) => {
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  await world.sandbox.advanceDays(1);
  // The last but one is above the debt; the one before it would leave half a rouble, which no bank takes.
  for (const amount of ["0", "-5", "0,01", "0,99", "0,001", "пять", "1e3", "", "20 159,50", "20 160,01", "99999999999999999999"]) {
    const refused = await pay(borrowing, amount);
    expect(refused.status, amount).toBe(422);
    expect(refusal(refused).fields.map(({ field }) => field), amount).toEqual(["amount"]);
  }
  await paid(borrowing, "1,01");
  expect(await debt(borrowing)).toBe(2_015_899);
  await paid(borrowing, "20157.99");
  expect(await debt(borrowing)).toBe(100);
  await paid(borrowing, "payoff");
  expect(await debt(borrowing)).toBe(0);
});
