// Money when things go wrong: taken once, posted once, given once, and the books agree with the acquirer's.
import { randomUUID } from "node:crypto";
import {
  approved,
  attribute,
  bindCard,
  books,
  CARDS,
  debt,
  issued,
  liveLoan,
  noon,
  onHostedPage,
  openPayment,
  operations,
  pay,
  payPage,
  paymentOf,
  paymentStatus,
  refusal,
  register,
  signed,
  untilPayment,
  type Borrowing,
} from "../../support/http";
import { expect, test, type World } from "../../support/world";

// 20 000.00 at 0.8 % for ten days, and what is left of it after 5 000.00.
const OWED = 2_160_000;
const PAID = 500_000;
const LEFT = 1_660_000;

async function tenDaysOld(world: World): Promise<Borrowing> {
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  await world.sandbox.advanceDays(10);
  expect(await debt(borrowing)).toBe(OWED);
  return borrowing;
}

/** Exactly these payments were posted, the newest first. */
async function expectPosted(borrowing: Borrowing, ...kopecks: number[]): Promise<void> {
  const paid = (await operations(borrowing)).filter(({ kind }) => kind === "payment");
  expect(paid.map((row) => row.kopecks)).toEqual(kopecks);
}

/** Waits without asking the acquirer: only the loan's page is looked at, never the payment's. */
async function untilDebt(borrowing: Borrowing, kopecks: number): Promise<void> {
  await expect.poll(() => debt(borrowing), { timeout: 30_000 }).toBe(kopecks);
}

async function expectBooks(world: World): Promise<void> {
  const checked = await books(world);
  expect(checked).toEqual({ whole: true, difference: "0.00", ours: checked.theirs, theirs: checked.theirs });
}

/** How many payments the acquirer knows, and how many of them took money. */
async function atAcquirer(world: World): Promise<[number, number]> {
  const { payments } = (await register(world)).totals;
  return [payments.count, payments.succeeded_count];
}

async function outages(world: World): Promise<void> {
  const borrowing = await tenDaysOld(world);
  const { page } = await payPage(borrowing, "5 000");

  await test.step("the server is killed before the notification comes", async () => {
    await world.kill9();
    await onHostedPage(page, CARDS.secure);
    expect(await atAcquirer(world)).toEqual([1, 1]);
    await world.restart();
    await untilDebt(borrowing, LEFT);
    await expectPosted(borrowing, PAID);
    await expectBooks(world);
  });

  await test.step("the server is killed after it took the notification and before it posted", async () => {
    const second = await payPage(borrowing, "600");
    // The notification is answered at once; the look at the acquirer that follows it hangs.
    await world.sandbox.order({ on: "payments.get", kind: "delay", ms: 8_000, times: 0 });
    await onHostedPage(second.page, CARDS.plain);
    const delivered = async () => {
      const log = await world.sandbox.call<{ event: string; fate: string }[]>("GET", "/webhooks.json");
      return log.filter(({ event, fate }) => event === "payment.succeeded" && fate === "delivered").length;
    };
    await expect.poll(delivered).toBe(2);
    await world.kill9();
    await world.sandbox.clearFaults();
    await world.restart();
    await world.sandbox.advanceSeconds(60);
    await untilDebt(borrowing, LEFT - 60_000);
    await expectPosted(borrowing, 60_000, PAID);
    await expectBooks(world);
  });

  await test.step("killed again and again, nothing is posted twice", async () => {
    for (let time = 0; time < 3; time += 1) {
      await world.kill9();
      await world.restart();
    }
    await expectPosted(borrowing, 60_000, PAID);
    expect(await debt(borrowing)).toBe(LEFT - 60_000);
    await expectBooks(world);
  });
}

test("the server is killed between the charge and the posting", async ({ world }) => {
  test.setTimeout(240_000);
  await outages(world);
});

if (process.env.KOPECK_TEST_POSTGRES !== undefined) {
  test.describe("on Postgres", () => {
    test.use({ database: "postgres" });
    test("the server is killed between the charge and the posting", async ({ world }) => {
      test.setTimeout(240_000);
      await outages(world);
    });
  });
}

test("the server is killed between the payout and the issue of the loan", async ({ world }) => {
  test.setTimeout(180_000);
  await noon(world);
  const offered = await approved(world, 1);
  const card = await bindCard(offered);
  await world.sandbox.order({ on: "webhook.payout", kind: "lost", times: 0 });
  await signed(world, offered, card);
  const paidOut = async () => (await register(world)).totals.payouts.count;
  await expect.poll(paidOut).toBe(1);
  await world.kill9();
  await world.restart();
  await world.sandbox.advanceSeconds(60);
  const loan = await issued(offered);
  const { payouts } = (await register(world)).totals;
  expect([payouts.count, payouts.succeeded_count]).toEqual([1, 1]);
  expect(await debt({ ...offered, card, loan })).toBe(2_000_000);
  await expectBooks(world);
});

test("a lost notification only makes it later", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await tenDaysOld(world);
  const { page } = await payPage(borrowing, "5 000");
  await world.sandbox.order({ on: "webhook", kind: "lost", times: 0 });
  await onHostedPage(page, CARDS.plain);
  expect(await debt(borrowing)).toBe(OWED);
  await world.sandbox.advanceSeconds(60);
  await untilDebt(borrowing, LEFT);
  await expectPosted(borrowing, PAID);
  await expectBooks(world);
});

test("fifty copies of a notification at once post one payment", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await tenDaysOld(world);
  const told = async () => (await world.sandbox.messages(borrowing.phone)).length;
  const before = await told();
  const { page } = await payPage(borrowing, "5 000");
  await world.sandbox.order({ on: "webhook.payment.succeeded", kind: "copies", copies: 50 });
  await onHostedPage(page, CARDS.plain);
  await untilDebt(borrowing, LEFT);
  const copies = async () => {
    const log = await world.sandbox.call<{ event: string; attempts: number }[]>("GET", "/webhooks.json");
    return log.find(({ event }) => event === "payment.succeeded")?.attempts ?? 0;
  };
  await expect.poll(copies).toBeGreaterThanOrEqual(50);
  await expectPosted(borrowing, PAID);
  expect(await debt(borrowing)).toBe(LEFT);
  // And one receipt by SMS.
  await expect.poll(told).toBe(before + 1);
  await expectBooks(world);
});

test("notifications that prove nothing post nothing", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await tenDaysOld(world);
  const { page } = await payPage(borrowing, "5 000");
  const remote = page.split("/").at(-1);
  const notify = (object: object) =>
    fetch(`${world.url}/webhooks/yookassa`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ type: "notification", event: "payment.succeeded", object }),
    });
  const amount = { value: "5000.00", currency: "RUB" };
  expect((await notify({ id: remote, status: "succeeded", paid: true, amount })).status).toBe(200);
  expect((await notify({ id: randomUUID(), status: "succeeded", paid: true, amount })).status).toBe(200);
  await world.sandbox.advanceSeconds(60);
  expect(await paymentStatus(borrowing.client, await openPayment(borrowing))).toBe("waiting");
  await expectPosted(borrowing);
  expect(await debt(borrowing)).toBe(OWED);
  // The true one is not lost behind the forged one.
  await onHostedPage(page, CARDS.plain);
  await untilDebt(borrowing, LEFT);
  await expectBooks(world);
});

test("two tabs press «pay» at once", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await tenDaysOld(world);
  const { client, loan } = borrowing;

  const pressed = await Promise.all(Array.from({ length: 6 }, () => pay(borrowing, "5 000")));
  expect(pressed.map(({ status }) => status)).toEqual(pressed.map(() => 200));
  const hosted = pressed.filter(({ location }) => location?.includes("/checkout/"));
  const shown = pressed.map(({ location }) => paymentOf(location)).filter((id) => id !== undefined);
  expect(hosted.length).toBe(1);
  expect(shown.length).toBe(5);
  expect(new Set(shown).size).toBe(1);
  expect(await atAcquirer(world)).toEqual([1, 0]);

  const payment = shown[0] ?? "";
  expect(await openPayment(borrowing)).toBe(payment);
  const html = await client.page(`/loans/${loan}/pay`);
  // The way on is the first one's page; there is no form for a second charge.
  expect(attribute(html, "continue", "href")).toBe(hosted[0]?.location);
  expect(html).not.toContain('name="amount"');
  await onHostedPage(hosted[0]?.location ?? "", CARDS.plain);
  await untilDebt(borrowing, LEFT);
  await expectPosted(borrowing, PAID);

  await test.step("one key is one payment, at once and later", async () => {
    const key = randomUUID();
    const same = await Promise.all(Array.from({ length: 4 }, () => pay(borrowing, "1 000", key)));
    expect(same.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const open = await openPayment(borrowing);
    const page = attribute(await client.page(`/payments/${open}`), "continue", "href");
    for (const { location } of same) expect([page, `/payments/${open}`]).toContain(location);
    expect((await pay(borrowing, "1 000", key)).location).toBe(page);
    expect(await atAcquirer(world)).toEqual([2, 1]);

    const other = await pay(borrowing, "2 000", key);
    expect(other.status).toBe(409);
    expect(refusal(other)).toMatchObject({ code: "conflict", reason: "key_reused" });
    expect((await pay(borrowing, "payoff", key)).status).toBe(409);

    await onHostedPage(page ?? "", CARDS.plain);
    await untilDebt(borrowing, LEFT - 100_000);
    // A page left open in a browser is sent once more, after it was paid.
    expect((await pay(borrowing, "1 000", key)).location).toBe(`/payments/${open}`);
    expect(await atAcquirer(world)).toEqual([2, 2]);
  });
  await expectPosted(borrowing, 100_000, PAID);
  await expectBooks(world);
});

test("the answer to a created payment is lost", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await tenDaysOld(world);
  const { client, loan } = borrowing;
  await world.sandbox.order({ on: "payments", kind: "error500_after_success", times: 0 });
  const started = await pay(borrowing, "5 000");
  expect(started.status).toBe(200);
  const payment = paymentOf(started.location) ?? "";
  expect(payment).not.toBe("");

  // While it is not known, no page offers to pay and "I did not pay" is not believed.
  expect(await paymentStatus(client, payment)).toBe("unknown");
  const html = await client.page(`/payments/${payment}`);
  expect(attribute(html, "again", "href")).toBeUndefined();
  expect(attribute(html, "continue", "href")).toBeUndefined();
  expect(await client.page(`/loans/${loan}/pay`)).not.toContain('name="amount"');
  expect((await client.post("payment/not-paid", { payment })).status).toBe(503);
  expect(paymentOf((await pay(borrowing, "5 000")).location)).toBe(payment);

  await world.sandbox.clearFaults();
  const page = attribute(await untilPayment(client, payment, "waiting"), "continue", "href") ?? "";
  expect(await atAcquirer(world)).toEqual([1, 0]);
  await onHostedPage(page, CARDS.plain);
  await untilDebt(borrowing, LEFT);
  expect(await atAcquirer(world)).toEqual([1, 1]);
  await expectPosted(borrowing, PAID);
  await expectBooks(world);
});

test("the acquirer hangs while a payment is created", async ({ world }) => {
  test.setTimeout(240_000);
  const borrowing = await tenDaysOld(world);
  const { client } = borrowing;
  await world.sandbox.order({ on: "payments.create", kind: "hang", times: 0 });
  const since = Date.now();
  const started = await pay(borrowing, "5 000");
  expect(started.status).toBe(200);
  expect(Date.now() - since).toBeLessThan(15_000);
  const payment = paymentOf(started.location) ?? "";
  expect(payment).not.toBe("");
  const looked = Date.now();
  expect(["unknown", "waiting"]).toContain(await paymentStatus(client, payment));
  // The page itself is not held by the acquirer.
  expect(Date.now() - looked).toBeLessThan(5_000);

  await world.sandbox.clearFaults();
  const page = attribute(
    (await client.until(`/payments/${payment}`, ({ body }) => attribute(body, "continue", "href") !== undefined)).body,
    "continue",
    "href",
  );
  expect(await atAcquirer(world)).toEqual([1, 0]);
  await onHostedPage(page ?? "", CARDS.secure);
  await untilDebt(borrowing, LEFT);
  await expectPosted(borrowing, PAID);
  await expectBooks(world);
});

test("a payment that fails leaves the way free", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await tenDaysOld(world);
  const { client } = borrowing;
  for (const [card, code] of [[CARDS.declined, "confirm"], [CARDS.secure, "fail"]] as const) {
    const { page, payment } = await payPage(borrowing, "5 000");
    await onHostedPage(page, card, code);
    const html = await untilPayment(client, payment, "failed");
    expect(attribute(html, "again", "href")).toBe(`/loans/${borrowing.loan}/pay?amount=5000.00`);
  }
  expect(await debt(borrowing)).toBe(OWED);
  await expectPosted(borrowing);
  const { page } = await payPage(borrowing, "payoff");
  await onHostedPage(page, CARDS.plain);
  await untilDebt(borrowing, 0);
  await expectPosted(borrowing, OWED);
  expect(await atAcquirer(world)).toEqual([3, 1]);
  await expectBooks(world);
});

test("a card that takes no payouts leaves the contract unissued; another one is paid", async ({ world }) => {
  test.setTimeout(180_000);
  await noon(world);
  const offered = await approved(world, 1);
  const { client, contract } = offered;
  const refusing = await bindCard(offered, CARDS.payoutRefused);
  await signed(world, offered, refusing);
  const path = `/offer/${contract}`;
  await client.until(path, ({ body }) => attribute(body, "payout", "data-status") === "failed");
  const { totals } = await register(world);
  expect([totals.payouts.count, totals.payouts.succeeded_count]).toEqual([1, 0]);
  expect(await client.page("/cabinet")).not.toContain('href="/loans/');
  expect((await client.get(path)).location).toBeNull();

  const good = await bindCard(offered, CARDS.plain);
  expect(await client.done("payout/use-card", { contract, card: good })).toBe(path);
  // Pressed twice, paid once.
  expect((await client.post("payout/use-card", { contract, card: good })).status).toBe(409);
  const loan = await issued(offered);
  expect(await debt({ ...offered, card: good, loan })).toBe(2_000_000);
  const after = (await register(world)).totals.payouts;
  expect([after.count, after.succeeded_count]).toEqual([2, 1]);
  await expectBooks(world);
});

test("money that comes after «I did not pay» is posted, and its surplus is the borrower's", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await tenDaysOld(world);
  const { client, loan } = borrowing;
  const first = await payPage(borrowing, "payoff");
  expect(await client.done("payment/not-paid", { payment: first.payment })).toBe(`/payments/${first.payment}`);
  expect(await paymentStatus(client, first.payment)).toBe("abandoned");

  const second = await payPage(borrowing, "payoff");
  expect(second.payment).not.toBe(first.payment);
  await onHostedPage(second.page, CARDS.plain);
  await untilDebt(borrowing, 0);

  await onHostedPage(first.page, CARDS.plain);
  const surplus = async () => attribute(await client.page(`/loans/${loan}`), "surplus", "data-kopecks");
  await expect.poll(surplus, { timeout: 30_000 }).toBe(String(OWED));
  await expectPosted(borrowing, OWED, OWED);
  const html = await untilPayment(client, first.payment, "succeeded");
  expect(attribute(html, "surplus", "data-kopecks")).toBe(String(OWED));
  expect(await debt(borrowing)).toBe(0);
  expect((await client.get(`/loans/${loan}/certificate`)).status).toBe(200);
  await expectBooks(world);
});

test("«I did not pay» about a payment that was made is the truth about it", async ({ world }) => {
  test.setTimeout(180_000);
  const borrowing = await tenDaysOld(world);
  const { client } = borrowing;
  const { page, payment } = await payPage(borrowing, "5 000");
  await world.sandbox.order({ on: "webhook", kind: "lost", times: 0 });
  await onHostedPage(page, CARDS.plain);
  await client.done("payment/not-paid", { payment });
  expect(await paymentStatus(client, payment)).toBe("succeeded");
  await expectPosted(borrowing, PAID);
  expect(await debt(borrowing)).toBe(LEFT);
  await expectBooks(world);
});
