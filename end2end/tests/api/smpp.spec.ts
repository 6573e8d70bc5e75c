// Text messages through an operator's gateway: the SMPP server of npm on the other end of the line.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort } from "../../support/processes";
import { liveLoan, text } from "../../support/http";
import { Operator, type Part } from "../../support/smpp";
import { expect, test } from "../../support/world";

const patience = { timeout: 30_000 };

/** One message of its parts, in their order. */
const whole = (parts: Part[]) =>
  [...parts].sort((a, b) => (a.joined?.[2] ?? 0) - (b.joined?.[2] ?? 0)).map((part) => part.text).join("");

test("a reminder goes in Russian and in parts, its receipts reach the ledger, and a broken line loses nothing", async ({
  world,
}) => {
  const { client, phone } = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const operator = new Operator(await freePort(), "kopeck", "secret88");
  await operator.start();
  await world.restart({
    KOPECK_SMS_GATEWAY: "smpp",
    KOPECK_SMS_URL: `smpp://127.0.0.1:${operator.port}`,
    KOPECK_SMS_LOGIN: "kopeck",
    KOPECK_SMS_PASSWORD: "secret88",
    KOPECK_SMS_SENDER: "KOPECK",
  });
  const line = async (event: RegExp) => {
    const page = await client.page("/notices");
    const rows = [...page.matchAll(/<li[^>]*data-channel="sms"[^>]*data-ended="(\w*)"[^>]*>(.*?)<\/li>/gs)];
    return rows.filter(([, , said = ""]) => event.test(text(said))).map(([, ended]) => ended);
  };

  await test.step("bound as transceiver before there is anything to send: receipts may be waiting", async () => {
    await expect.poll(() => operator.binds, patience).toEqual([{ login: "kopeck", version: 0x34 }]);
  });

  await test.step("Cyrillic in parts of 67 characters that phones join", async () => {
    await world.sandbox.advanceDays(29);
    await expect.poll(() => operator.parts.length, patience).toBeGreaterThanOrEqual(2);
    const [first] = operator.parts as [Part];
    const [reference, count] = first.joined ?? [0, 0];
    await expect.poll(() => operator.parts.length, patience).toBe(count);
    expect(operator.parts.map((part) => part.joined)).toEqual(
      operator.parts.map((_, index) => [reference, count, index + 1]),
    );
    for (const part of operator.parts) {
      expect(part).toMatchObject({ to: phone, from: "KOPECK", fromType: 5, coding: 8, receipt: 1 });
      expect(part.text.length).toBeLessThanOrEqual(67);
    }
    expect(whole(operator.parts)).toMatch(/^Копейка: завтра, .* платёж 24\s800,00\s₽\. Если неудобно/u);
  });

  await test.step("delivered once every part is", async () => {
    await expect.poll(() => line(/завтра/), patience).toEqual(["sent"]);
    const [first, ...rest] = operator.parts as [Part, ...Part[]];
    await operator.tell(first, "ENROUTE");
    await operator.tell(first, "DELIVRD");
    await new Promise((done) => setTimeout(done, 3000));
    expect(await line(/завтра/)).toEqual(["sent"]);
    for (const part of rest) await operator.tell(part, "DELIVRD");
    await expect.poll(() => line(/завтра/), patience).toEqual(["delivered"]);
  });

  await test.step("the line breaks between two parts: the repeat begins where it broke", async () => {
    const before = operator.parts.length;
    operator.onPart = (part) => (part.joined?.[2] === 2 ? "drop" : "take");
    await world.sandbox.advanceDays(1);
    await expect.poll(() => operator.parts.length, patience).toBe(before + 2);
    operator.onPart = () => "take";
    const [head] = operator.parts.slice(before) as [Part];
    const [, count = 0] = head.joined ?? [];
    await expect
      .poll(async () => {
        await world.sandbox.advanceSeconds(30);
        return operator.parts.length;
      }, patience)
      .toBe(before + 1 + count);
    const again = operator.parts.slice(before + 2);
    expect(again[0]?.joined?.[2]).toBe(2);
    expect(again[0]?.joined?.[0]).toBe(head.joined?.[0]);
    expect(whole([head, ...again])).toMatch(/^Копейка: сегодня платёж .* в кабинете\.$/u);
    expect(operator.binds.length).toBeGreaterThanOrEqual(2);
    for (const part of [head, ...again]) await operator.tell(part, "UNDELIV");
    await expect.poll(() => line(/сегодня/), patience).toContain("undelivered");
  });

  await test.step("the gateway is away: the message waits and goes when it is back", async () => {
    operator.stop();
    const before = operator.parts.length;
    await world.sandbox.advanceDays(1);
    await expect.poll(async () => text(await client.page("/notices")), patience).toContain("не пришёл");
    await operator.start();
    await expect
      .poll(async () => {
        await world.sandbox.advanceSeconds(60);
        return whole(operator.parts.slice(before));
      }, { timeout: 90_000 })
      .toMatch(/^Копейка: платёж .* не пришёл/u);
  });
  operator.stop();
});

/** An operator's own authority, and what its server shows: a certificate for `localhost` and no other name. */
function certified() {
  const folder = mkdtempSync(join(tmpdir(), "kopeck-smpp-"));
  const at = (name: string) => join(folder, name);
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const openssl = (...args: string[]) => execFileSync("openssl", [...made, ...args], { stdio: "pipe" });
  openssl("-subj", "/CN=operator", "-keyout", at("root.key"), "-out", at("root.pem"));
  const leaf = ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"];
  const signed = ["-CA", at("root.pem"), "-CAkey", at("root.key")];
  openssl("-subj", "/CN=localhost", ...leaf, ...signed, "-keyout", at("key.pem"), "-out", at("cert.pem"));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => readFileSync(at(name), "utf8")) as [string, string];
  return { folder, authority: at("root.pem"), shown: { key, cert } };
}

test("inside TLS a message goes to the operator whose certificate is believed, and to no other", async ({ world }) => {
  await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const { folder, authority, shown } = certified();
  const operator = new Operator(await freePort(), "kopeck", "secret88", shown);
  await operator.start();
  const line = (host: string) => ({
    KOPECK_SMS_GATEWAY: "smpp",
    KOPECK_SMS_URL: `smpps://${host}:${operator.port}`,
    KOPECK_SMS_LOGIN: "kopeck",
    KOPECK_SMS_PASSWORD: "secret88",
  });
  const silent = async (env: Record<string, string>) => {
    const before = operator.strangers;
    await world.restart(env);
    await expect.poll(() => operator.strangers, patience).toBeGreaterThan(before);
    expect([operator.binds, operator.parts]).toEqual([[], []]);
  };
  await test.step("signed by nobody this machine trusts: no password is said", () => silent(line("localhost")));
  await test.step("of another name than the address has: the same, and the message waits", async () => {
    await world.sandbox.advanceDays(29);
    await silent({ ...line("127.0.0.1"), KOPECK_SMS_AUTHORITY: authority });
  });
  const arrives = (words: RegExp, from = 0) =>
    expect
      .poll(async () => {
        await world.sandbox.advanceSeconds(60);
        return whole(operator.parts.slice(from));
      }, patience)
      .toMatch(words);
  await test.step("its own authority and its name: it is bound and takes what waited", async () => {
    await world.restart({ ...line("localhost"), KOPECK_SMS_AUTHORITY: authority });
    await arrives(/завтра/u);
    expect(operator.binds).toEqual([{ login: "kopeck", version: 0x34 }]);
  });
  await test.step("a broken line is made anew, inside TLS again", async () => {
    const before = operator.parts.length;
    operator.stop();
    await world.sandbox.advanceDays(1);
    await operator.start();
    await arrives(/сегодня/u, before);
  });
  operator.stop();
  rmSync(folder, { recursive: true });
});
