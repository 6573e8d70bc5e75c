// A day in which everything goes wrong that can: in its evening both sides agree to the kopeck, or what differs is named.
import { statement } from "../../support/bank";
import {
  attribute,
  CARDS,
  liveLoan,
  noon,
  onHostedPage,
  operations,
  pay,
  paymentOf,
  register,
  text,
  type Borrowing,
} from "../../support/http";
import { atWork, hired } from "../../support/staff";
import { expect, test, type Fault, type World } from "../../support/world";

/** One trouble after another, each for a payment of its own. */
const TROUBLES: (Fault | undefined)[] = [
  undefined,
  { on: "webhook", kind: "lost", times: 0 },
  { on: "webhook", kind: "copies", copies: 20, times: 0 },
  { on: "webhook", kind: "shuffle", times: 0 },
  { on: "webhook", kind: "garbage", times: 0 },
  { on: "payments", kind: "error500_after_success", times: 1 },
  { on: "payments", kind: "error500", times: 1 },
  { on: "payments", kind: "error429", times: 1 },
  { on: "payments.create", kind: "hang", ms: 4_000, times: 1 },
  { on: "payments.get", kind: "error500", times: 3 },
];

async function report(world: World, date: string): Promise<string> {
  return (await world.kopeck("reconcile", "--date", date)).output;
}

/** A payment as its payer lives it: begun, paid on the acquirer's page as soon as there is one. */
async function paid({ client, loan, ...rest }: Borrowing, kopecks: number, card: string): Promise<void> {
  const started = await pay({ client, loan, ...rest }, (kopecks / 100).toFixed(2));
  const payment = paymentOf(started.location) ?? attribute(await client.page(`/loans/${loan}/pay`), "unfinished", "data-payment") ?? "";
  const there = await client.until(`/payments/${payment}`, ({ body }) => /id="?continue|data-status="?failed/.test(body), 30_000);
  const page = attribute(there.body, "continue", "href");
  if (page !== undefined) await onHostedPage(page, card);
}

test("after a day of faults the day's reconciliation is 0.00, and a line that nobody matched is named until somebody does", async ({
  browser,
  world,
}) => {
  test.setTimeout(300_000);
  await noon(world);
  const borrowings = [];
  for (const n of [1, 2, 3]) borrowings.push(await liveLoan(world, n, { amount: 20_000, term: 30 }));
  await world.sandbox.advanceDays(1);
  const day = new Date((await world.sandbox.now()).getTime() + 3 * 3_600_000).toISOString().slice(0, 10);
  expect(await report(world, day)).toContain("difference: 0.00");

  let expected = 0;
  for (const [place, trouble] of TROUBLES.entries()) {
    const borrowing = borrowings[place % borrowings.length] as Borrowing;
    // A loan has one open payment at a time, and its last one may still wait to be asked about.
    await borrowing.client.until(`/loans/${borrowing.loan}/pay`, ({ body }) => !/id="?unfinished/.test(body), 30_000);
    if (trouble) await world.sandbox.order(trouble);
    const declined = place === 0;
    await paid(borrowing, 50_000 + place, declined ? CARDS.declined : CARDS.plain);
    if (!declined) expected += 50_000 + place;
    await world.sandbox.clearFaults();
    // In the middle of it the power goes.
    if (place === 4) {
      await world.kill9();
      await world.restart();
    }
    await world.sandbox.advanceSeconds(900);
  }

  // The bank's statement of the day: a transfer for a loan, and one that names none.
  const [first] = borrowings as [Borrowing];
  const number = text(await first.client.page(`/loans/${first.loan}`)).match(/\d{4}-\d{6}/)?.[0] ?? "";
  const file = statement("40701810500000000001", [
    { number: "1", sum: "300.00", day, purpose: `Погашение по договору ${number}` },
    { number: "2", sum: "77.00", day, purpose: "Возврат долга" },
  ]);
  expect((await world.kopeck("import", "statement", file)).output).toContain("posted: 1");

  // The evening: the poller has found what the news did not bring. Only the unmatched line is apart, by its name.
  await world.sandbox.advanceSeconds(3_700);
  await expect.poll(() => report(world, day), { timeout: 60_000, intervals: [1_000] }).toContain("difference: 77.00");
  const named = await report(world, day);
  expect(named).toMatch(/2/);
  const cashier = await atWork(browser, world, await hired(world, "irina", "Ирина", "payments", "auditor"));
  const books = `/staff/reports?day=${day}`;
  await cashier.goto(books);
  await expect(cashier.locator("#reconciled")).toHaveAttribute("data-kopecks", "7700");
  await expect(cashier.locator("#items tbody tr")).toHaveCount(1);
  await expect(cashier.locator("#items tbody tr")).toContainText("Документ № 2, не зачислен");

  // Somebody finds whose it is: 0.00 on the page and at the console, side by side.
  await cashier.goto("/staff/money");
  await cashier.locator("[data-queue] a").click();
  await cashier.locator("#f-number").fill(number);
  await cashier.locator("#assign button").click();
  await expect(cashier.locator("#empty")).toBeVisible();
  await cashier.goto(books);
  await expect(cashier.locator("#reconciled")).toHaveAttribute("data-agrees", "true");
  await expect(cashier.locator("#reconciled")).toContainText("разница 0,00 ₽, всё сошлось");
  const done = await world.kopeck("reconcile", "--date", day);
  expect(done.output).toContain("difference: 0.00");
  expect(done.code).toBe(0);

  // And it is the money that was paid, each payment once.
  const posted = (await Promise.all(borrowings.map(operations))).flat().filter(({ kind }) => kind === "payment");
  const sum = posted.reduce((total, { kopecks }) => total + kopecks, 0);
  const taken = (await register(world)).totals.payments;
  expect(taken.succeeded_amount.value).toBe((expected / 100).toFixed(2));
  expect(sum).toBe(expected + 30_000 + 7_700);
});
