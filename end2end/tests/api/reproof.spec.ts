// Where money goes and what may take it change only after a fresh proof of the person.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { approved, bindCard, liveLoan, refusal, type Fields } from "../../support/http";
import { expect, test } from "../../support/world";

test("each change of a tool of money waits for a fresh proof, and pressing what is agreed already does not", async ({ world }) => {
  test.setTimeout(180_000);
  const { client, loan, card } = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const offered = await approved(world, 2);
  const bound = await bindCard(offered);
  const { contract } = offered;
  const mandate = {
    loan,
    card,
    rule: "due",
    days_before: "0",
    hour: "10",
    cap_debit: "30000",
    cap_month: "30000",
    consent: "yes",
  };
  const changes: [typeof client, string, Fields][] = [
    [client, "payout/add-card", { return_to: "/cabinet" }],
    [offered.client, "payout/add-tool", { contract, way: "account", account: "40817810500000000007", bic: "044525225" }],
    [offered.client, "payout/add-tool", { contract, way: "sbp", bank: "100000000111" }],
    [offered.client, "payout/add-tool", { contract, way: "wallet", wallet: "41001175017397" }],
    [offered.client, "payout/use-card", { contract, card: bound }],
    [client, "autopay/agree", mandate],
    [client, "payment/make-link", { loan, amount: "" }],
  ];
  const tools = async () => [...(await offered.client.page(`/offer/${contract}`)).matchAll(/name="card" value="/g)].length;
  const autopay = async () => /id="?autopay-allowed|data-mandate/.test(await client.page(`/loans/${loan}/autopay`));
  const before = [await tools(), await autopay()];

  await world.restart({ KOPECK_CONFIRM_SECONDS: "1" });
  await pause(2_100);
  for (const [who, endpoint, fields] of changes) {
    const answer = await who.post(endpoint, fields);
    expect(answer.status, endpoint).toBe(403);
    expect(refusal(answer).reason, endpoint).toBe("confirm_needed");
    // Without JavaScript the same form leads to the page where the proof is given, and back.
    const form = await who.postForm(endpoint, fields, `/offer/${contract}`);
    expect([form.status, form.location], endpoint).toEqual([302, `/confirm?next=/offer/${contract}`]);
  }
  expect([await tools(), await autopay()]).toEqual(before);

  // The same requests of somebody who has shown that it is them.
  await world.restart({ KOPECK_CONFIRM_SECONDS: "1800" });
  for (const [who, endpoint, fields] of changes) {
    const answer = await who.post(endpoint, fields);
    const refused = answer.status === 200 ? "" : refusal(answer).reason;
    expect(refused, endpoint).not.toBe("confirm_needed");
    // Another card is chosen only after a payout has failed.
    if (endpoint !== "payout/use-card") expect(answer.status, `${endpoint}: ${answer.body}`).toBe(200);
  }

  // What takes a permission back never waits, and an agreed tool pays.
  await world.restart({ KOPECK_CONFIRM_SECONDS: "1" });
  await pause(2_100);
  for (const what of ["pause", "resume", "revoke"]) {
    expect((await client.post("autopay/change", { loan, what })).status, what).toBe(200);
  }
  const paid = await client.post("payment/start", { loan, key: randomUUID(), what: "sum", amount: "100", card });
  expect(paid.status).toBe(200);
});
