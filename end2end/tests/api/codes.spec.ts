// One-time codes: how many, how often, how they look, and that they tell nothing about who is known.
import { answered } from "../../support/challenge";
import { attribute, Client, refusal, signIn, text, type Answer } from "../../support/http";
import { expect, test } from "../../support/world";

const PHONE = "+79001230001";
const DIGITS = "79001230001";

/** Six digits that are not these. */
const not = (code: string) => (code === "111111" ? "222222" : "111111");

test("three wrong tries use a code up", async ({ world }) => {
  const client = new Client(world.url);
  await client.done("access/request-code", { phone: PHONE });
  const code = await world.sandbox.sms(DIGITS);
  const texts = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const wrong = await client.post("access/verify-code", { code: not(code) });
    expect(wrong.status).toBe(422);
    expect(refusal(wrong).fields.map(({ field }) => field)).toEqual(["code"]);
    texts.push(refusal(wrong).fields[0]?.text);
  }
  // Two left, one left, none: each said in its own words.
  expect(new Set(texts).size).toBe(3);
  const right = await client.post("access/verify-code", { code });
  expect(right.status).toBe(422);
  expect(right.location).toBeNull();
  expect((await client.get("/cabinet")).location).toBe("/login?next=/cabinet");

  await world.sandbox.advanceSeconds(61);
  await client.done("access/resend-code");
  expect(await client.done("access/verify-code", { code: await world.sandbox.sms(DIGITS) })).toBe("/cabinet");
});

test("what can't be a code costs no try, and a right code spelled with spaces is right", async ({ world }) => {
  const client = new Client(world.url);
  await client.done("access/request-code", { phone: PHONE });
  const code = await world.sandbox.sms(DIGITS);
  for (const typed of ["", "12345", "1234567", "abcdef", "12345٦"]) {
    expect((await client.post("access/verify-code", { code: typed })).status, typed).toBe(422);
  }
  await client.done("access/verify-code", { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` });
});

test("guesses in parallel get no more tries than guesses in turn", async ({ world }) => {
  const client = new Client(world.url);
  await client.done("access/request-code", { phone: PHONE });
  const code = await world.sandbox.sms(DIGITS);
  const guess = () => client.post("access/verify-code", { code: not(code) });
  const answers = await Promise.all(Array.from({ length: 20 }, guess));
  expect(answers.every(({ status }) => status === 422)).toBe(true);
  expect((await client.post("access/verify-code", { code })).status).toBe(422);
});

test("a code works once", async ({ world }) => {
  const client = new Client(world.url);
  await client.done("access/request-code", { phone: PHONE });
  const asked = client.cookie;
  const code = await world.sandbox.sms(DIGITS);
  await client.done("access/verify-code", { code });
  const again = new Client(world.url);
  again.cookie = asked;
  expect((await again.post("access/verify-code", { code })).status).toBeGreaterThanOrEqual(400);
  expect((await again.get("/cabinet")).status).toBe(302);
});

test("a code lives five minutes", async ({ world }) => {
  const client = new Client(world.url);
  await client.done("access/request-code", { phone: PHONE });
  const code = await world.sandbox.sms(DIGITS);
  await world.sandbox.advanceSeconds(301);
  expect((await client.post("access/verify-code", { code })).status).toBe(422);
  expect((await client.get("/cabinet")).status).toBe(302);
});

test("another code may be asked for after a minute, and five in a day", async ({ world }) => {
  const client = new Client(world.url);
  const ask = () => client.post("access/request-code", { phone: PHONE });
  const tooOften = (answer: Answer, reason: string, longest: number) => {
    expect(answer.status, reason).toBe(429);
    expect(refusal(answer)).toMatchObject({ code: "too_many", reason });
    expect(refusal(answer).text).not.toBe("");
    const wait = Number(answer.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(longest);
  };
  expect((await ask()).status).toBe(200);
  tooOften(await ask(), "code_resend", 60);
  tooOften(await client.post("access/resend-code"), "code_resend", 60);
  // Another browser is no way round.
  tooOften(await new Client(world.url).post("access/request-code", { phone: PHONE }), "code_resend", 60);
  for (let code = 2; code <= 5; code += 1) {
    await world.sandbox.advanceSeconds(61);
    expect((await ask()).status, `code ${code}`).toBe(200);
  }
  await expect.poll(async () => (await world.sandbox.messages(DIGITS)).length).toBe(5);
  await world.sandbox.advanceSeconds(61);
  tooOften(await ask(), "code_phone_day", 86_400);
  tooOften(await client.post("access/resend-code"), "code_phone_day", 86_400);
  expect((await world.sandbox.messages(DIGITS)).length).toBe(5);
  // Others are not kept waiting by it.
  await signIn(world, "+79001230002");
  await world.sandbox.advanceDays(1);
  expect((await ask()).status).toBe(200);
});

test("only the newest code works", async ({ world }) => {
  const client = new Client(world.url);
  await client.done("access/request-code", { phone: PHONE });
  const old = await world.sandbox.sms(DIGITS);
  await world.sandbox.advanceSeconds(61);
  await client.done("access/resend-code");
  const fresh = await world.sandbox.sms(DIGITS);
  if (old !== fresh) expect((await client.post("access/verify-code", { code: old })).status).toBe(422);
  await client.done("access/verify-code", { code: fresh });
});

test("one address can't order codes for everybody", async ({ world }) => {
  const ask = async (n: number, more: Record<string, string> = {}, client = new Client(world.url)) => {
    const phone = `+790012${String(n).padStart(3, "0")}00`;
    return client.post("access/request-code", { phone, ...more });
  };
  for (let n = 0; n < 20; n += 1) expect((await ask(n)).status, `code ${n}`).toBe(200);
  // Then it has to show that it is no robot, each time anew.
  const refused = await ask(20);
  expect(refused.status).toBe(403);
  expect(refusal(refused)).toMatchObject({ code: "forbidden", reason: "challenge" });
  const client = new Client(world.url);
  const more = await answered(client, "/login");
  expect((await ask(20, more, client)).status).toBe(200);
  expect((await ask(21, more, client)).status, "a replay").toBe(403);
  for (let n = 21; n < 30; n += 1) {
    expect((await ask(n, await answered(client, "/login"), client)).status, `code ${n}`).toBe(200);
  }
  const last = await ask(30, await answered(client, "/login"), client);
  expect(last.status).toBe(429);
  expect(refusal(last)).toMatchObject({ reason: "code_address_hour" });
});

test("a known and an unknown phone get the same answer", async ({ world }) => {
  await signIn(world, PHONE);
  await world.sandbox.advanceSeconds(61);
  const shape = ({ status, body, location, headers }: Answer) => ({
    status,
    body,
    location,
    // A nonce, an id and the time are new in every answer; a cookie is compared by its attributes.
    headers: [...headers]
      .filter(([name]) => !["date", "x-request-id"].includes(name))
      .map(([name, value]) => [name, value.replace(/'nonce-[^']*'/, "nonce").replace(/__Host-session=[^;]*/, "session")]),
  });
  const ask = async (phone: string) => {
    const client = new Client(world.url);
    const answer = shape(await client.post("access/request-code", { phone }));
    const page = text(await client.page("/login/code"))
      .replace(/\d\d:\d\d(:\d\d)?/g, "time")
      .replace(/···[ \d·-]*/g, "phone");
    const field = attribute(await client.page("/login/code"), "f-code", "autocomplete");
    return { answer, page, field };
  };
  const known = await ask(PHONE);
  const unknown = await ask("+79001230002");
  expect(known.answer.status).toBe(200);
  expect(known.field).toBe("one-time-code");
  expect(unknown).toEqual(known);
});

test("the text ends with the line that browsers read, and names who writes", async ({ world }) => {
  const client = new Client(world.url);
  await client.done("access/request-code", { phone: "8 (900) 123-00-01" });
  const { text: sms } = await world.sandbox.next(DIGITS, /./);
  expect(sms).toMatch(/\n@kopeck\.example #\d{6}$/);
  const [, code = ""] = sms.match(/#(\d{6})$/) ?? [];
  expect(sms.split(code).length - 1).toBe(2);
  expect(sms).toContain("Копейка");
});
