// Whose it is: a stranger is sent to sign in, somebody else's is not there at all, and nothing is changed by asking.
import { randomUUID } from "node:crypto";
import { FUNCTIONS, honest, NOBODYS, type Ids } from "../../support/api";
import {
  approved,
  bindCard,
  Client,
  issued,
  lasting,
  liveLoan,
  onHostedPage,
  payPage,
  paymentOf,
  refusal,
  registered,
  signed,
  signIn,
  untilPayment,
  type Known,
} from "../../support/http";
import { expect, test, type World } from "../../support/world";

const OF_BORROWERS = FUNCTIONS.filter(({ who }) => who === "borrower");
const WITH_IDS = OF_BORROWERS.filter((called) => called.arguments.some(({ kind }) => kind !== undefined));

test("a function for borrowers answers 401 to nobody and to a visitor", async ({ world }) => {
  expect(OF_BORROWERS.length).toBeGreaterThan(15);
  const visitor = new Client(world.url);
  await visitor.done("access/request-code", { phone: "+79001230001" });
  expect(visitor.cookie).toBeDefined();
  for (const called of OF_BORROWERS) {
    const alien = new Client(world.url);
    alien.cookie = "AAAAAAAAAAAAAAAAAAAAAA";
    for (const client of [new Client(world.url), visitor, alien]) {
      const answer = await client.post(called.endpoint, honest(called));
      expect(answer.status, called.endpoint).toBe(401);
      expect(refusal(answer)).toMatchObject({ code: "unauthenticated", reason: "unauthenticated" });
      expect(answer.location, called.endpoint).toBeNull();
    }
  }
});

test("a code can be asked for again and typed only where one was asked for", async ({ world }) => {
  for (const called of FUNCTIONS.filter(({ who }) => who === "visitor")) {
    const answer = await new Client(world.url).post(called.endpoint, honest(called));
    expect(answer.status, called.endpoint).toBe(404);
  }
});

/** Signs in on another device; answers the name of that sign-in, which its owner could end. */
async function elsewhere(world: World, owner: Known): Promise<string> {
  await signIn(world, `+${owner.phone}`);
  const [, id = ""] = (await owner.client.page("/security")).match(/name="session" value="([^"]+)"/) ?? [];
  expect(id).not.toBe("");
  return id;
}

test("somebody else's is the same as nothing, and stays as it was", async ({ world }) => {
  test.setTimeout(240_000);
  const owner = await liveLoan(world, 1);
  const { client: own, loan } = owner;
  await world.sandbox.advanceDays(10);
  const prolongation = (await own.done("prolongation/prepare", { loan, days: "14" })).replace("/prolongations/", "");
  const prolongationCode = await world.sandbox.sms(owner.phone);
  const { page: hosted, payment } = await payPage(owner, "1 000");
  const wrote = await own.done("request/appeal", { kind: "debt", loan, text: "долг посчитан неверно" });
  const ids: Ids = {
    AppealId: wrote.replace("/appeals/", ""),
    LoanId: loan,
    ContractId: owner.contract,
    InstrumentId: owner.card,
    PaymentId: payment,
    ProlongationId: prolongation,
    SignInId: await elsewhere(world, owner),
  };
  // Another owner, whose offer is still open and has its code: there the same calls could do something.
  const reader = await approved(world, 2);
  const readersCard = await bindCard(reader);
  await reader.client.done("application/prepare", { contract: reader.contract, assignment: "no", card: readersCard });
  const contractCode = await world.sandbox.sms(reader.phone);
  const open: Ids = { ...ids, ContractId: reader.contract, InstrumentId: readersCard };

  const other = await registered(world, 3);
  const pages = [`/loans/${loan}`, `/prolongations/${prolongation}`, `/documents/${loan}/contract`];
  const look = async () => {
    const shown = [];
    for (const path of pages) shown.push(lasting(await own.page(path)));
    shown.push(lasting(await reader.client.page(`/offer/${reader.contract}`)));
    return shown;
  };
  const before = await look();
  const messages = async () => [
    ...(await world.sandbox.messages(owner.phone)),
    ...(await world.sandbox.messages(reader.phone)),
  ];
  const sent = (await messages()).length;

  expect(WITH_IDS.length).toBeGreaterThan(7);
  for (const called of WITH_IDS) {
    const codes: Record<string, string> = {
      "application/sign": contractCode,
      "prolongation/sign": prolongationCode,
    };
    for (const theirs of [ids, open]) {
      const code = codes[called.endpoint];
      const fields = (of: Ids) => ({ ...honest(called, of), ...(code === undefined ? {} : { code }) });
      const nothing = await other.client.post(called.endpoint, fields(NOBODYS));
      const foreign = await other.client.post(called.endpoint, fields(theirs));
      expect(nothing.status, called.endpoint).toBe(404);
      expect(foreign.status, called.endpoint).toBe(404);
      expect(foreign.body, called.endpoint).toBe(nothing.body);
      expect(foreign.location, called.endpoint).toBeNull();
    }
  }
  expect(await look()).toEqual(before);
  expect((await messages()).length).toBe(sent);

  await test.step("what the calls were about still works for its owner", async () => {
    await own.done("prolongation/sign", { prolongation, code: prolongationCode });
    await reader.client.done("application/sign", { contract: reader.contract, code: contractCode });
    await issued(reader);
    await onHostedPage(hosted, "5555555555554444");
    await untilPayment(own, payment, "succeeded");
  });

  await test.step("a card of somebody else's takes nobody's money", async () => {
    const offered = await approved(world, 4);
    const answer = (card: string) =>
      offered.client.post("application/prepare", { contract: offered.contract, assignment: "no", card });
    const [foreign, nothing] = [await answer(owner.card), await answer(randomUUID())];
    expect(foreign.status).toBeGreaterThanOrEqual(400);
    expect(foreign.status).toBe(nothing.status);
    expect(foreign.body).toBe(nothing.body);
  });
});

test("a page of somebody else's is not there, and nobody is asked to sign in", async ({ world }) => {
  test.setTimeout(180_000);
  const owner = await liveLoan(world, 1);
  const { client: own, loan, contract, card } = owner;
  await world.sandbox.advanceDays(1);
  const agreement = await own.done("prolongation/prepare", { loan, days: "14" });
  const { page: hosted, payment } = await payPage(owner, "payoff");
  const private_ = [
    `/loans/${loan}`,
    `/loans/${loan}/pay`,
    `/loans/${loan}/prolong`,
    `/payments/${payment}`,
    `/offer/${contract}`,
    agreement,
    `/documents/${loan}/contract`,
    `/documents/${contract}/contract`,
    `/cards/${card}/return`,
  ];
  const other = await registered(world, 2);
  const nobody = new Client(world.url);

  const refused = async (path: string) => {
    const owners = await own.get(path);
    expect([200, 302], `${path} of its owner`).toContain(owners.status);
    expect(owners.location ?? "", `${path} of its owner`).not.toContain("/login");
    const foreign = await other.client.get(path);
    expect(foreign.status, path).toBe(404);
    const nothing = await other.client.get(path.replace(/[0-9a-f-]{36}/, randomUUID()));
    expect(lasting(foreign.body), path).toBe(lasting(nothing.body));
    const unknown = await nobody.get(path);
    expect(unknown.status, path).toBe(302);
    expect(unknown.location, path).toBe(`/login?next=${path}`);
  };
  for (const path of private_) await refused(path);
  for (const path of ["/cabinet", "/application"]) {
    expect((await nobody.get(path)).location).toBe(`/login?next=${path}`);
  }

  await test.step("the certificate of a closed loan", async () => {
    await onHostedPage(hosted, "5555555555554444");
    await untilPayment(own, payment, "succeeded");
    expect((await own.get(`/loans/${loan}/certificate`)).status).toBe(200);
    await refused(`/loans/${loan}/certificate`);
  });
});

test("signing in leads to a page of ours only", async ({ world }) => {
  const wishes = [
    ["/loans/1?on=2026-12-01", "/loans/1?on=2026-12-01"],
    ["https://evil.example/", "/"],
    ["//evil.example/", "/"],
    ["/\\evil.example/", "/"],
    // Browsers take tabs and line ends out of an address before they read it.
    ["/\t/evil.example/", "/"],
    ["/\n/evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["/пример", undefined],
  ];
  let n = 10;
  for (const [next = "", leads] of wishes) {
    n += 1;
    const phone = `+790012300${n}`;
    const client = new Client(world.url);
    await client.done("access/request-code", { phone, next });
    const answer = await client.post("access/verify-code", { code: await world.sandbox.sms(phone.slice(1)) });
    expect(answer.status, next).toBe(200);
    const resolved = new URL(answer.location ?? "", world.url);
    expect(resolved.origin, next).toBe(world.url);
    if (leads !== undefined) expect(answer.location, next).toBe(leads);
    // Somebody signed in who opens the sign-in page is led on by the same rule.
    const again = await client.get(`/login?next=${encodeURIComponent(next)}`);
    expect(again.status, next).toBe(302);
    expect(new URL(again.location ?? "", world.url).origin, next).toBe(world.url);
  }
});

test("the payment key of one borrower means nothing to another", async ({ world }) => {
  test.setTimeout(180_000);
  const first = await liveLoan(world, 1);
  const second = await approved(world, 2);
  const card = await bindCard(second);
  await signed(world, second, card);
  const loan = await issued(second);
  const key = randomUUID();
  const start = (client: Client, loan: string) =>
    client.post("payment/start", { loan, key, what: "sum", amount: "1 000" });
  const [one, two] = [await start(first.client, first.loan), await start(second.client, loan)];
  expect([one.status, two.status]).toEqual([200, 200]);
  expect(one.location).toContain("/checkout/");
  expect(two.location).toContain("/checkout/");
  expect(two.location).not.toBe(one.location);
  expect(paymentOf(two.location)).toBeUndefined();
});
