// Notices to a device, from its subscription to the text it reads: the device is played by the test, which opens the
// message with http_ece and checks the sender's token with jose.
import { createECDH, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { importJWK, jwtVerify } from "jose";
import { freePort } from "../../support/processes";
import { attribute, liveLoan, noon } from "../../support/http";
import { expect, test } from "../../support/world";

const ece = createRequire(__filename)("http_ece") as { decrypt(body: Buffer, keys: object): Buffer };

type Came = { url: string; headers: IncomingHttpHeaders; body: Buffer };

/** A push service that keeps what it gets, and answers as told. */
async function service(port: number): Promise<{ came: Came[]; answer: (status: number) => void; stop: () => void }> {
  const came: Came[] = [];
  let status = 201;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      came.push({ url: request.url ?? "", headers: request.headers, body: Buffer.concat(parts) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((ready) => server.listen(port, "127.0.0.1", ready));
  return { came, answer: (next) => (status = next), stop: () => server.close() };
}

/** The text, opened by the library that RFC 8188 has in npm. */
function open(body: Buffer, device: ReturnType<typeof createECDH>, auth: Buffer): string {
  const keys = { version: "aes128gcm", privateKey: device, authSecret: auth.toString("base64url") };
  return ece.decrypt(body, keys).toString("utf8");
}

/** The claims of a VAPID header, once its signature is right. */
async function signedBy(header: string, key: string, audience: string) {
  const [, token = "", public_ = ""] = header.match(/^vapid t=(\S+), k=(\S+)$/) ?? [];
  expect(public_).toBe(key);
  const point = Buffer.from(public_, "base64url");
  const [x = "", y = ""] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
  const jwk = await importJWK({ kty: "EC", crv: "P-256", x, y }, "ES256");
  // RFC 8292: the push service itself is meant, and no token lives longer than a day.
  const { payload } = await jwtVerify(token, jwk, { audience, algorithms: ["ES256"] });
  expect((payload.exp ?? 0) - Date.now() / 1000).toBeLessThanOrEqual(24 * 3600);
  return payload;
}

test("a reminder reaches the device, which alone can read it", async ({ world }) => {
  await noon(world);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const push = await service(port);
  await world.restart({ KOPECK_PUSH_SERVICES: origin });
  const { client, loan } = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const page = await client.page(`/loans/${loan}`);
  const key = attribute(page, "push", "data-key") ?? "";
  expect(Buffer.from(key, "base64url")).toHaveLength(65);

  const device = createECDH("prime256v1");
  device.generateKeys();
  const auth = randomBytes(16);
  const fields = {
    endpoint: `${origin}/device/1`,
    p256dh: device.getPublicKey("base64url"),
    auth: auth.toString("base64url"),
  };
  const stranger = await client.post("notice/subscribe", { ...fields, endpoint: "http://127.0.0.1:9/device/1" });
  expect(stranger.status).toBe(422);
  expect((await client.post("notice/subscribe", fields)).status).toBe(200);

  await world.sandbox.advanceDays(29);
  await expect.poll(() => push.came.length, { timeout: 20_000 }).toBe(1);
  const [{ url, headers, body }] = push.came as [Came];
  expect(url).toBe("/device/1");
  expect(headers).toMatchObject({ "content-encoding": "aes128gcm", ttl: "43200" });
  const claims = await signedBy(headers.authorization ?? "", key, origin);
  expect(claims.sub).toBe("mailto:help@kopeck.example");
  const told = JSON.parse(open(body, device, auth));
  expect(told).toMatchObject({ title: "Копейка", url: "/go/debt" });
  expect(told.body).toContain("завтра");
  expect(body.includes(Buffer.from("Копейка"))).toBe(false);

  await test.step("a device that is gone is written to once", async () => {
    push.answer(410);
    await world.sandbox.advanceDays(1);
    await expect.poll(() => push.came.length, { timeout: 20_000 }).toBe(2);
    await world.sandbox.advanceDays(1);
    // The text message of the next day has come, and no notice with it.
    await expect.poll(async () => (await client.page(`/loans/${loan}`)).includes('id="late"'), { timeout: 20_000 }).toBe(true);
    await new Promise((done) => setTimeout(done, 5000));
    expect(push.came).toHaveLength(2);
  });
  push.stop();
});
