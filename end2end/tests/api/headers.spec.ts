// What every answer carries, what sessions are made of, and what is refused before anybody looks at it.
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { FUNCTIONS } from "../../support/api";
import { Client, person, signIn } from "../../support/http";
import { expect, KOPECK, test } from "../../support/world";

const PHONE = person(1).phone;

/** Sends bytes as they are; answers everything that came before the server closed, and after how long it did. */
function raw(url: string, bytes: string | Buffer, patience: number): Promise<{ answer: string; closed: number | null }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const since = Date.now();
    const chunks: Buffer[] = [];
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const end = (closed: number | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ answer: Buffer.concat(chunks).toString("utf8"), closed });
    };
    const timer = setTimeout(() => end(null), patience);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => {});
    socket.on("close", () => end(Date.now() - since));
  });
}

test("search engines are told that the landing is all there is for them", async ({ world }) => {
  const { status, headers, body } = await new Client(world.url).get("/robots.txt");
  expect(status).toBe(200);
  expect(headers.get("content-type")).toContain("text/plain");
  expect(body).toMatch(/^User-agent: \*\nAllow: \/\$\n/);
});

test("every answer has the security headers, whoever made it", async ({ world }) => {
  const client = await signIn(world, PHONE);
  const paths = ["/", "/login", "/cabinet", "/nothing/here", "/health/live", "/brand.css", "/api/v1/nothing", "/pkg/nothing.js"];
  const nonces = new Set<string>();
  for (const path of paths) {
    const { headers, body } = await client.get(path);
    const policy = headers.get("content-security-policy") ?? "";
    const [, nonce = ""] = policy.match(/script-src [^;]*'nonce-([^']{16,})'/) ?? [];
    expect(nonce, path).not.toBe("");
    nonces.add(nonce);
    expect(policy, path).not.toMatch(/unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|\*/);
    expect(policy, path).toContain("'wasm-unsafe-eval'");
    for (const rule of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"]) {
      expect(policy, path).toContain(rule);
    }
    const [, forms = ""] = policy.match(/form-action ([^;]*)/) ?? [];
    expect(forms.split(" "), path).toEqual(expect.arrayContaining(["'self'", new URL(world.sandbox.url).origin]));
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
    expect(headers.get("referrer-policy"), path).toBe("same-origin");
    expect(headers.get("x-request-id") ?? "", path).not.toBe("");
    // Every script of the page is allowed by exactly this answer's nonce, and nothing is written inline besides.
    for (const [tag] of body.matchAll(/<script[^>]*>/g)) expect(tag, path).toContain(`nonce="${nonce}"`);
    expect(body, path).not.toMatch(/<[^>]+\s(style|on[a-z]+)=/);
    expect(body, path).not.toContain("<style");
  }
  expect(nonces.size).toBe(paths.length);
});

test("private pages and answers are kept by no cache", async ({ world }) => {
  const client = await signIn(world, PHONE);
  for (const path of ["/", "/cabinet", "/application", "/loans/1", "/login"]) {
    expect((await client.get(path)).headers.get("cache-control"), path).toBe("no-store");
  }
  expect((await client.post("application/submit", { key: "1" })).headers.get("cache-control")).toBe("no-store");
});

test("the session's cookie can't be read, sent elsewhere or planted", async ({ world }) => {
  const client = new Client(world.url);
  const first = await client.post("access/request-code", { phone: PHONE });
  const [cookie = "", ...others] = first.headers.getSetCookie();
  expect(others).toEqual([]);
  expect(cookie).toMatch(/^__Host-session=[\w-]{20,};/);
  for (const part of [/; HttpOnly/i, /; Secure/i, /; SameSite=Lax/i, /; Path=\/(;|$)/i]) expect(cookie).toMatch(part);
  expect(cookie).not.toMatch(/Domain=/i);

  // An attacker who planted the cookie of the visitor has nothing once somebody signs in with it.
  const planted = client.cookie;
  const digits = PHONE.replace(/\D/g, "");
  await client.done("access/verify-code", { code: await world.sandbox.sms(digits) });
  expect(client.cookie).toBeDefined();
  expect(client.cookie).not.toBe(planted);
  expect((await client.get("/cabinet")).status).toBe(200);
  const attacker = new Client(world.url);
  attacker.cookie = planted;
  expect((await attacker.get("/cabinet")).location).toBe("/login?next=/cabinet");

  // A made-up id is not taken over either.
  const chosen = new Client(world.url);
  chosen.cookie = "AAAAAAAAAAAAAAAAAAAAAA";
  await world.sandbox.advanceSeconds(61);
  await chosen.done("access/request-code", { phone: PHONE });
  expect(chosen.cookie).not.toBe("AAAAAAAAAAAAAAAAAAAAAA");
});

test("signing out ends the session on the server", async ({ world }) => {
  const client = await signIn(world, PHONE);
  const kept = client.cookie;
  const out = await client.post("access/sign-out");
  expect(out.status).toBe(200);
  expect(out.location).toBe("/");
  expect(out.headers.get("clear-site-data")).toContain('"cache"');
  expect(client.cookie).toBeUndefined();
  const thief = new Client(world.url);
  thief.cookie = kept;
  expect((await thief.get("/cabinet")).location).toBe("/login?next=/cabinet");
  expect((await thief.post("application/submit", { key: "1" })).status).toBe(401);
});

test("a session lives by the real clock, as long as it is used", async ({ world }) => {
  await world.restart({ KOPECK_SESSION_IDLE_SECONDS: "8" });
  const [used, idle] = [await signIn(world, person(1).phone), await signIn(world, person(2).phone)];
  // A moved business clock signs nobody out.
  await world.sandbox.advanceDays(40);
  expect((await used.get("/cabinet")).status).toBe(200);
  for (let second = 1; second <= 10; second += 1) {
    await pause(1_000);
    expect((await used.get("/cabinet")).status, `after ${second} s`).toBe(200);
  }
  expect((await idle.get("/cabinet")).location).toBe("/login?next=/cabinet");
});

test("a form of another site is refused", async ({ world }) => {
  const client = await signIn(world, PHONE);
  const form = { "content-type": "application/x-www-form-urlencoded" };
  const send = (headers: Record<string, string>) =>
    client.send("/api/v1/access/sign-out", { method: "POST", headers: { ...form, ...headers }, body: "" });
  for (const origin of ["https://evil.example", `${world.url}.evil.example`, "http://127.0.0.1:1", "null"]) {
    expect((await send({ origin })).status, origin).toBe(403);
  }
  for (const site of ["cross-site", "same-site"]) {
    expect((await send({ origin: world.url, "sec-fetch-site": site })).status, site).toBe(403);
  }
  expect((await client.get("/cabinet")).status).toBe(200);
  expect((await send({ origin: world.url, "sec-fetch-site": "same-origin" })).status).toBe(200);
  expect((await client.get("/cabinet")).status).toBe(302);
});

test("nothing changes by GET, and what is not there is not there", async ({ world }) => {
  const client = await signIn(world, PHONE);
  for (const { endpoint } of FUNCTIONS) {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const headers = { origin: world.url, "content-type": "application/x-www-form-urlencoded" };
      const answer = await client.send(`/api/v1/${endpoint}?phone=1`, { method, headers });
      expect([404, 405], `${method} ${endpoint}`).toContain(answer.status);
    }
  }
  expect((await client.get("/cabinet")).status).toBe(200);
  for (const endpoint of ["nothing", "access", "access/sign-out/", "access/sign-out/x", "../health/live", "ACCESS/SIGN-OUT"]) {
    expect((await client.post(endpoint)).status, endpoint).toBe(404);
  }
  for (const path of ["/nothing", "/loans", "/loans/1", "/api/v1/nothing", "/api/v2/access/sign-out", "/pkg/nothing.js", "/.env"]) {
    expect((await client.get(path)).status, path).toBe(404);
  }
});

test("a body above 64 KB is refused before it is read", async ({ world }) => {
  const client = new Client(world.url);
  const post = (size: number) => client.post("access/request-code", { phone: "1".repeat(size) });
  expect((await post(60 * 1024)).status).toBe(422);
  expect((await post(65 * 1024)).status).toBe(413);
  // The answer comes to the one who is still sending: what is too much is thrown away, not hung up on.
  expect((await post(8 * 1024 * 1024)).status).toBe(413);
  expect((await client.get("/health/live")).status).toBe(200);

  // Without a length said beforehand the limit is met on the way.
  const { hostname } = new URL(world.url);
  const chunk = `${(32 * 1024).toString(16)}\r\n${"1".repeat(32 * 1024)}\r\n`;
  const head =
    `POST /api/v1/access/request-code HTTP/1.1\r\nHost: ${hostname}\r\nOrigin: ${world.url}\r\nConnection: close\r\n` +
    "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n";
  const { answer } = await raw(world.url, `${head}${chunk.repeat(3)}0\r\n\r\n`, 5_000);
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);

  const notice = await fetch(`${world.url}/webhooks/yookassa`, { method: "POST", body: "1".repeat(70 * 1024) });
  expect(notice.status).toBe(413);
});

test("a client that writes its headers slowly is cut", async ({ world }) => {
  const { closed } = await raw(world.url, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ", 14_000);
  expect(closed).not.toBeNull();
  expect(closed).toBeLessThan(12_500);
  // Nobody else is kept waiting by it, and it was the slowness: a whole request is answered.
  const whole = await raw(world.url, "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 5_000);
  expect(whole.answer).toMatch(/^HTTP\/1\.1 200 /);
});

test("requests that are no HTTP don't disturb the server", async ({ world }) => {
  const wrong = [
    "\0\0\0\0\r\n\r\n",
    "GET\r\n\r\n",
    "GET /loans/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "GET /cabinet/привет HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
    "GET /loans/%00%ff%2e%2e HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
    "GET /loans/привет HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
    `GET /${"a".repeat(100_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    "GET / HTTP/1.1\r\nHost: x\r\nCookie: __Host-session=%ff; =; ;;\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
    "POST /api/v1/access/sign-out HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
  ];
  for (const bytes of wrong) {
    const { answer } = await raw(world.url, bytes, 3_000);
    expect(answer, bytes.slice(0, 40)).not.toMatch(/^HTTP\/1\.1 5/);
  }
  expect((await new Client(world.url).get("/health/ready")).status).toBe(200);
});

test("health says that it lives, and that it is ready", async ({ world }) => {
  const client = new Client(world.url);
  for (const path of ["/health/live", "/health/ready"]) expect((await client.get(path)).status, path).toBe(200);
});

test("the sandbox's clock is refused beside real money", async ({}, info) => {
  const run = promisify(execFile);
  mkdirSync(info.outputDir, { recursive: true });
  const keys = info.outputPath("keys.toml");
  writeFileSync(keys, (await run(KOPECK, ["keys"])).stdout);
  const lender = resolve(__dirname, "../../../lenders/demo.toml");
  const serve = [
    ...["serve", "--listen", "127.0.0.1:0", "--clock", "sandbox", "--keys", keys, "--lender", lender],
    ...["--database", `sqlite://${info.outputPath("kopeck.sqlite")}?mode=rwc`],
    ...["--shop-id", "1", "--secret-key", "1", "--payout-gateway-id", "1", "--payout-secret-key", "1"],
    ...["--sms-login", "1", "--sms-password", "1", "--smtp-url", "smtp://127.0.0.1:25", "--mail-from", "a@b.example"],
    ...["--bureau-url", "http://127.0.0.1:1", "--bureau-token", "1", "--fraud-url", "http://127.0.0.1:1"],
  ];
  const sandbox = ["--sandbox-url", "http://127.0.0.1:1"];
  for (const outside of [[], [...sandbox, "--yookassa-url", "https://api.yookassa.ru/v3"]]) {
    const refused = run(KOPECK, [...serve, ...outside], { env: {}, timeout: 20_000 });
    await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("--clock sandbox") });
  }
});
