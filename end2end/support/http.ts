// A borrower without a browser: the same requests, by plain HTTP. The journey is lived through the same fields and
// addresses as in borrower.ts, so whatever a test needs (an offer, a loan, an unfinished payment) is made honestly.
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { CARDS, person, type Person } from "./borrower";
import type { World } from "./world";

export { CARDS, person };

const COOKIE = "__Host-session";
const FORM = "application/x-www-form-urlencoded";

/** Of a form: text as typed, or several pairs with one name. */
export type Fields = Record<string, string> | [string, string][];

export type Answer = {
  status: number;
  body: string;
  /** Where the answer sends the browser. */
  location: string | null;
  headers: Headers;
};

/** What a server function answers when it refuses. */
export type Refusal = {
  code: string;
  reason: string;
  text: string;
  fields: { field: string; text: string }[];
  retry_after: number | null;
};

export class Client {
  /** The session's cookie, as the server set it last. It is Secure, so no cookie jar would send it over http. */
  cookie: string | undefined;
  /** The device's: it stays when the session ends. */
  device: string | undefined;
  /** Headers of every request of this one: where it is, what browser it is. */
  standing: Record<string, string> = {};
  /** Every other one, as a browser would keep it. */
  readonly others = new Map<string, string>();

  constructor(readonly url: string) {}

  async send(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers({ ...this.standing, ...Object.fromEntries(new Headers(init.headers)) });
    const cookies = [];
    if (this.cookie !== undefined) cookies.push(`${COOKIE}=${this.cookie}`);
    if (this.device !== undefined) cookies.push(`__Host-device=${this.device}`);
    for (const [name, value] of this.others) cookies.push(`${name}=${value}`);
    if (cookies.length > 0 && !headers.has("cookie")) headers.set("cookie", cookies.join("; "));
    const answer = await fetch(this.url + path, { redirect: "manual", ...init, headers });
    for (const line of answer.headers.getSetCookie()) {
      this.device = line.match(/^__Host-device=([^;]*)/)?.[1] ?? this.device;
      const [, name = "", value = ""] = line.match(/^([^=]+)=([^;]*)/) ?? [];
      if (name === "__Host-device") continue;
      if (name !== COOKIE) {
        if (/Max-Age=0/i.test(line)) this.others.delete(name);
        else this.others.set(name, value);
        continue;
      }
      this.cookie = value === "" || /Max-Age=0/i.test(line) ? undefined : value;
    }
    return {
      status: answer.status,
      body: await answer.text(),
      location: answer.headers.get("location"),
      headers: answer.headers,
    };
  }

  get(path: string): Promise<Answer> {
    return this.send(path, { headers: { accept: "text/html" } });
  }

  /** A form sent by a hydrated page. `endpoint` is `payment/start`. */
  post(endpoint: string, fields: Fields = {}): Promise<Answer> {
    return this.send(`/api/v1/${endpoint}`, {
      method: "POST",
      headers: { accept: "application/json", "content-type": FORM, origin: this.url },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** The same form sent by a page without JavaScript. */
  postForm(endpoint: string, fields: Fields = {}, from = "/"): Promise<Answer> {
    return this.send(`/api/v1/${endpoint}`, {
      method: "POST",
      headers: { accept: "text/html", "content-type": FORM, origin: this.url, referer: this.url + from },
      body: new URLSearchParams(fields).toString(),
    });
  }

  /** A form that has to succeed; answers where it leads. */
  async done(endpoint: string, fields: Fields = {}): Promise<string> {
    const answer = await this.post(endpoint, fields);
    if (answer.status !== 200 || answer.location === null) {
      throw new Error(`${endpoint} answered ${answer.status}: ${answer.body}`);
    }
    return answer.location;
  }

  /** A page that has to be shown. */
  async page(path: string): Promise<string> {
    const answer = await this.get(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status} → ${answer.location}`);
    return answer.body;
  }

  /** Looks at a page until it is as wanted. */
  async until(path: string, wanted: (answer: Answer) => boolean, patience = 20_000): Promise<Answer> {
    const end = Date.now() + patience;
    for (;;) {
      const answer = await this.get(path);
      if (wanted(answer)) return answer;
      if (Date.now() > end) throw new Error(`${path} is not as wanted after ${patience} ms:\n${text(answer.body)}`);
      await pause(100);
    }
  }
}

/** A refusal's body. */
export function refusal(answer: Answer): Refusal {
  return JSON.parse(answer.body) as Refusal;
}

/** What a page says, without its markup. */
export function text(html: string): string {
  return html
    .replace(/<(script|style|head)[^>]*>.*?<\/\1>/gs, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
}

function unescape(attribute: string): string {
  return attribute
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#x27;|&#39;/g, "'")
    .replace(/&amp;/g, "&");
}

/** An attribute of the element with this id; nothing when there is no such element. */
export function attribute(html: string, id: string, name: string): string | undefined {
  const [tag] = html.match(new RegExp(`<[a-z][^>]*\\sid="?${id}"?[\\s>/][^>]*>?`)) ?? [];
  const [, quoted] = tag?.match(new RegExp(`\\s${name}="([^"]*)"`)) ?? [];
  return quoted === undefined ? undefined : unescape(quoted);
}

/** The same page without what differs at every rendering: the nonce, the keys of its forms, its own address, to which the
 * switch of looks comes back, and what goes with the clock. */
export function lasting(html: string): string {
  const [, nonce = ""] = html.match(/nonce="([^"]+)"/) ?? [];
  return html
    .replaceAll(nonce, "")
    .replace(/<input[^>]*name="(key|next)"[^>]*>/g, "<input $1>")
    .replace(/(&quot;seconds&quot;:)\d+/g, "$1")
    .replace(/ data-loan="[^"]*"/g, "");
}

/** Noon in Moscow, the next one: then a test of a few minutes meets no midnight. */
export async function noon(world: World): Promise<void> {
  const now = await world.sandbox.now();
  const at = new Date(now);
  at.setUTCHours(9, 0, 0, 0);
  if (at <= now) at.setUTCDate(at.getUTCDate() + 1);
  await world.sandbox.call("POST", "/clock", { now: at.toISOString() });
}

/** `client`: whose browser it is, where something has happened in it before; `number`: of the card for the money. */
export type Wish = { product?: string; amount?: number; term?: number; client?: Client; number?: string };
export type Known = { client: Client; who: Person; phone: string };
export type Offered = Known & { contract: string };
export type Borrowing = Offered & { card: string; loan: string };

/** What newcomers make up. */
export const PASSWORD = "восемь сосен у реки";

/** Signs in by the code of an SMS; a new phone becomes a borrower. */
export async function signIn(world: World, phone: string, client = new Client(world.url)): Promise<Client> {
  const digits = phone.replace(/\D/g, "");
  await world.sandbox.skip(digits);
  await client.done("access/request-code", { phone });
  const next = await client.done("access/verify-code", { code: await world.sandbox.sms(digits) });
  // Where people have passwords, a newcomer makes one up first.
  const { location } = await client.get(next);
  if (location?.startsWith("/password/new") === true) {
    await client.done("access/set-password", { password: PASSWORD, repeat: PASSWORD });
  }
  return client;
}

/** What somebody answers on a page of the questionnaire. */
export function answers(who: Person): Record<string, Record<string, string>> {
  return {
    agreement: { agreement_esign: "yes" },
    person: {
      last_name: who.lastName,
      first_name: who.firstName,
      middle_name: who.middleName,
      birth_date: who.birthDate,
      sex: who.sex,
    },
    passport: {
      passport: who.passport,
      passport_code: "770-001",
      passport_issuer: "ОВД «Арбат» города Москвы",
      passport_date: "20.06.2015",
      birth_place: "город Москва",
      citizenship: "Россия",
      inn: who.inn,
      public_official: "no",
    },
    address: { region: "77", city: "Москва", street: "Арбат", house: "10", flat: "5" },
    work: {
      employer: "ООО «Ромашка»",
      position: "бухгалтер",
      education: "higher",
      income: "80 000",
      expenses: "30 000",
      email: who.email,
    },
    consents: { consent_personal_data: "yes", consent_bureau: "yes" },
  };
}

/** Signed in, with everything answered: the next step is to file. */
export async function registered(world: World, n: number, wish: Wish = {}): Promise<Known> {
  const who = person(n);
  const client = await signIn(world, who.phone, wish.client);
  const { product = "short", amount = 20_000, term = 30 } = wish;
  let next = await client.done("application/choose", { product, amount: String(amount), term: String(term) });
  // The lender's file says in which order the pages come, and small loans ask for fewer.
  const known = new Map<string, Record<string, string>>(Object.entries(answers(who)));
  for (let step = next.replace("/apply/", ""); known.has(step); step = next.replace("/apply/", "")) {
    next = await client.done(`profile/${step}`, known.get(step) ?? {});
    known.delete(step);
  }
  if (next !== "/apply/review") throw new Error(`the questionnaire stopped at ${next}`);
  // Where a lender waits for the click in a letter, its link is opened.
  if (attribute(await client.page(next), "email-first", "id") !== undefined) {
    const letter = await world.sandbox.next(who.email, /подтвердить этот адрес/, 10_000, "email");
    await client.done("access/confirm-email", { token: letter.text.match(/token=(\S+)/)?.[1] ?? "" });
  }
  return { client, who, phone: who.phone.replace(/\D/g, "") };
}

/** Files the application and waits for the decision; answers its page. */
export async function decided({ client }: Known): Promise<string> {
  // Where a lender wants the card first, it is linked before the application is filed.
  if (attribute(await client.page("/apply/review"), "add-card", "id") !== undefined) await linkCard(client, "/apply/review");
  await client.done("application/submit", { key: randomUUID() });
  const over = (answer: Answer) => !/filed|checking/.test(attribute(answer.body, "application", "data-status") ?? "");
  return (await client.until("/application", over)).body;
}

/** With an offer to be read. */
export async function approved(world: World, n: number, wish: Wish = {}): Promise<Offered> {
  const known = await registered(world, n, wish);
  const body = await decided(known);
  const [, contract] = attribute(body, "to-offer", "href")?.match(/^\/offer\/([0-9a-f-]{36})$/) ?? [];
  if (contract === undefined) throw new Error(`no offer: ${text(body)}`);
  return { ...known, contract };
}

/** Does what a person does on the acquirer's page; answers where they are sent back. */
export async function onHostedPage(page: string, number: string, code: "confirm" | "fail" = "confirm"): Promise<string> {
  const press = async (url: string, fields: Record<string, string>): Promise<string> => {
    const body = new URLSearchParams(fields);
    const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
    const location = answer.headers.get("location");
    if (answer.status !== 303 || location === null) throw new Error(`${url} answered ${answer.status}`);
    return new URL(location, url).href;
  };
  const next = await press(page, { action: "pay", number, exp: "12/30", csc: "123" });
  return next.endsWith("/3ds") ? press(next, { action: code, code: "123456" }) : next;
}

/** Binds a card for the money of an offer; answers its id. */
export async function bindCard(offered: Offered, number = CARDS.plain): Promise<string> {
  return linkCard(offered.client, `/offer/${offered.contract}`, number);
}

async function linkCard(client: Client, from: string, number = CARDS.plain): Promise<string> {
  const hosted = await client.done("payout/add-card", { return_to: from });
  let back = new URL(await onHostedPage(hosted, number));
  const card = back.searchParams.get("card");
  if (card === null) throw new Error(`no card in ${back.href}`);
  // Back to the offer, through the page that reads the binding.
  for (let step = 0; step < 5; step += 1) {
    const answer = await client.get(back.pathname + back.search);
    if (answer.location === null) {
      if (answer.status !== 200) throw new Error(`${back.href} answered ${answer.status}`);
      return card;
    }
    back = new URL(answer.location, client.url);
  }
  throw new Error(`${back.href} redirects for ever`);
}

/** Signs the offer for this card; the money is then on its way. */
export async function signed(world: World, offered: Offered, card: string): Promise<void> {
  const { client, contract, phone } = offered;
  await world.sandbox.skip(phone);
  await client.done("application/prepare", { contract, assignment: "no", card });
  await client.done("application/sign", { contract, code: await world.sandbox.sms(phone) });
}

/** Waits for the money; answers the loan's id. */
export async function issued(offered: Offered): Promise<string> {
  const path = `/offer/${offered.contract}`;
  const { location } = await offered.client.until(path, (answer) => answer.location?.startsWith("/loans/") === true);
  return (location ?? "").slice("/loans/".length);
}

/** With the money received at noon of the sandbox's clock. */
export async function liveLoan(world: World, n: number, wish: Wish = {}): Promise<Borrowing> {
  await noon(world);
  const offered = await approved(world, n, wish);
  const card = await bindCard(offered, wish.number);
  await signed(world, offered, card);
  return { ...offered, card, loan: await issued(offered) };
}

/** The debt on the loan's page, in kopecks. */
export async function debt({ client, loan }: Borrowing): Promise<number> {
  return Number(attribute(await client.page(`/loans/${loan}`), "debt", "data-kopecks"));
}

/** Operations on the loan's page, the newest first. */
export async function operations({ client, loan }: Borrowing): Promise<{ kind: string; kopecks: number }[]> {
  const html = await client.page(`/loans/${loan}`);
  const rows = html.matchAll(/<tr data-kind="(\w+)" data-kopecks="(\d+)"/g);
  return [...rows].map(([, kind = "", kopecks]) => ({ kind, kopecks: Number(kopecks) }));
}

/** Starts a payment; answers where that leads: the acquirer's page, or ours. */
export function pay(borrowing: Borrowing, amount: string | "payoff", key: string = randomUUID()): Promise<Answer> {
  const what = amount === "payoff" ? { what: "payoff", amount: "" } : { what: "sum", amount };
  return borrowing.client.post("payment/start", { loan: borrowing.loan, key, ...what });
}

/** Starts a payment that has to get as far as the acquirer's page. */
export async function payPage(borrowing: Borrowing, amount: string | "payoff"): Promise<{ page: string; payment: string }> {
  const { status, location, body } = await pay(borrowing, amount);
  if (status !== 200 || !/\/checkout\/|\/tbank\/pay\//.test(location ?? "")) {
    throw new Error(`payment/start answered ${status} → ${location}: ${body}`);
  }
  return { page: location ?? "", payment: await openPayment(borrowing) };
}

/** The id of the unfinished payment of a loan. */
export async function openPayment({ client, loan }: Borrowing): Promise<string> {
  const html = await client.page(`/loans/${loan}/pay`);
  const id = attribute(html, "unfinished", "data-payment");
  if (id === undefined) throw new Error(`no unfinished payment: ${text(html)}`);
  return id;
}

/** How a payment stands, asked of its own page (which asks the acquirer). */
export async function paymentStatus(client: Client, payment: string): Promise<string | undefined> {
  return attribute(await client.page(`/payments/${payment}`), "payment", "data-status");
}

export async function untilPayment(client: Client, payment: string, status: string): Promise<string> {
  const there = (answer: Answer) => attribute(answer.body, "payment", "data-status") === status;
  return (await client.until(`/payments/${payment}`, there)).body;
}

/** Pays the whole debt of today with a card. */
export async function repaid(borrowing: Borrowing, card: string = CARDS.plain): Promise<void> {
  const { page, payment } = await payPage(borrowing, "payoff");
  await onHostedPage(page, card);
  await untilPayment(borrowing.client, payment, "succeeded");
}

/** Where an answer leads, as one of our payments. */
export function paymentOf(location: string | null): string | undefined {
  return location?.match(/^\/payments\/([0-9a-f-]{36})$/)?.[1];
}

type Total = { count: number; succeeded_count: number; succeeded_amount: { value: string } };
export type Register = {
  payments: { id: string; status: string; amount: { value: string } }[];
  totals: { payments: Total; refunds: Total; payouts: Total };
};

/** The acquirer's own list of what has moved. */
export function register(world: World): Promise<Register> {
  return world.sandbox.call("GET", "/register.json");
}

/** What the books say when they are checked from outside, against the acquirer's register as well. */
export async function books(world: World): Promise<{ whole: boolean; difference: string; ours: string; theirs: string }> {
  const journal = await world.kopeck("verify-ledger");
  const outside = ["--sandbox-url", world.sandbox.url, "--clock", "sandbox"];
  const compared = await world.kopeck("reconcile", "--from", "2026-01-01", "--to", "2099-12-31", ...outside);
  const line = (name: string) => compared.output.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1] ?? compared.output;
  const { totals } = await register(world);
  const kopecks = (total: Total) => Math.round(Number(total.succeeded_amount.value) * 100);
  const moved = kopecks(totals.payments) - kopecks(totals.payouts) - kopecks(totals.refunds);
  return {
    whole: journal.code === 0 && /journal is whole/.test(journal.output) && compared.code === 0,
    difference: line("difference"),
    ours: line("ours").replace(/[^\d.-]/g, ""),
    // By the register itself, not by what our reconciliation says of it.
    theirs: (moved / 100).toFixed(2),
  };
}
