// Borrowers who pay, look and give up while the server comes and goes, and what each of them was told.
import { setTimeout as pause } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import { attribute, CARDS, onHostedPage, pay, paymentOf, type Borrowing } from "../support/http";

/** What the server said, and must keep to. */
export type Told = {
  /** Payments whose page was shown, with the kopecks it named. */
  shown: Map<string, number>;
  /** Payments said to have succeeded. */
  succeeded: Set<string>;
  /** Requests answered, and those that found nobody. */
  answered: number;
  unanswered: number;
  /** Answers that no death excuses. */
  faults: string[];
};

export const told = (): Told => ({
  shown: new Map(),
  succeeded: new Set(),
  answered: 0,
  unanswered: 0,
  faults: [],
});

/** One borrower's doings until `over`. A dead server is met in the middle of anything; the person tries again. */
export async function live(borrowing: Borrowing, said: Told, over: () => boolean): Promise<void> {
  const { client, loan } = borrowing;
  const ask = async <T extends { status: number; body: string }>(what: string, answer: Promise<T>): Promise<T | undefined> => {
    try {
      const got = await answer;
      said.answered += 1;
      if (got.status >= 500 && got.status !== 503) said.faults.push(`${what}: ${got.status} ${got.body.slice(0, 200)}`);
      return got;
    } catch {
      said.unanswered += 1;
      await pause(30);
      return undefined;
    }
  };
  const look = async (payment: string): Promise<string | undefined> => {
    const page = await ask(`payment ${payment}`, client.get(`/payments/${payment}`));
    if (page?.status !== 200) {
      // Whoever was told of a payment finds it.
      if (page !== undefined && page.status !== 503) said.faults.push(`payment ${payment} answers ${page.status}`);
      return undefined;
    }
    const status = attribute(page.body, "payment", "data-status");
    if (status === "succeeded") said.succeeded.add(payment);
    return status;
  };
  while (!over()) {
    const kopecks = 100 + Math.floor(Math.random() * 900);
    const amount = (kopecks / 100).toFixed(2);
    const key = randomUUID();
    let started = await ask("start", pay(borrowing, amount, key));
    // Nobody knows what became of it: the same form, sent again.
    for (let again = 0; again < 20 && started === undefined && !over(); again += 1) {
      started = await ask("start again", pay(borrowing, amount, key));
    }
    if (started === undefined || started.status !== 200) continue;
    const form = await ask("pay page", client.get(`/loans/${loan}/pay`));
    const payment = paymentOf(started.location) ?? attribute(form?.body ?? "", "unfinished", "data-payment");
    if (payment === undefined) continue;
    const page = await ask("payment's page", client.get(`/payments/${payment}`));
    const shown = attribute(page?.body ?? "", "payment", "data-kopecks");
    if (shown !== undefined) said.shown.set(payment, Number(shown));
    const hosted = started.location?.includes("/checkout/") ? started.location : attribute(page?.body ?? "", "continue", "href");
    const whim = Math.random();
    if (hosted === undefined || hosted === null || whim < 0.1) {
      await ask("not paid", client.post("payment/not-paid", { payment }));
    } else {
      const card = whim < 0.2 ? CARDS.declined : CARDS.plain;
      try {
        await onHostedPage(hosted, card);
      } catch {
        // Somebody has been on that page already.
      }
    }
    await ask("loan", client.get(`/loans/${loan}`));
    for (let time = 0; time < 5 && !over(); time += 1) {
      const status = await look(payment);
      if (status === "succeeded" || status === "failed" || status === "abandoned") break;
      await pause(40);
    }
  }
}
