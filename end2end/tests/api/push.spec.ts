// Notices to a device, from its subscription to the text it reads: the device is played by the test, with the
// decryption of RFC 8291 written once more from the text of the standard.
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { freePort } from "../../support/processes";
import { attribute, liveLoan, noon } from "../../support/http";
import { expect, test } from "../../support/world";

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

const hkdf = (salt: Buffer, key: Buffer, info: Buffer, length: number) =>
  Buffer.from(hkdfSync("sha256", key, salt, info, length));

/** RFC 8291, §3.4, and RFC 8188, §2: one record. */
function open(body: Buffer, device: ReturnType<typeof createECDH>, auth: Buffer): string {
  const salt = body.subarray(0, 16);
  const length = body.readUInt8(20);
  const sender = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), device.getPublicKey(), sender]);
  const key = hkdf(auth, device.computeSecret(sender), info, 32);
  const content = hkdf(salt, key, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = hkdf(salt, key, Buffer.from("Content-Encoding: nonce\0"), 12);
  const cipher = createDecipheriv("aes-128-gcm", content, nonce);
  cipher.setAuthTag(sealed.subarray(-16));
  const text = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  // The last record ends with 2 and zeros.
  return text.subarray(0, text.lastIndexOf(2)).toString("utf8");
}

/** The claims of a VAPID header, once its signature is right. */
function signedBy(header: string, key: string): { aud: string; sub: string; exp: number } {
  const [, token = "", public_ = ""] = header.match(/^vapid t=(\S+), k=(\S+)$/) ?? [];
  expect(public_).toBe(key);
  const point = Buffer.from(public_, "base64url");
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) => half.toString("base64url"));
  const [head = "", claims = "", signature = ""] = token.split(".");
  const jwk = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const right = verify(
    "sha256",
    Buffer.from(`${head}.${claims}`),
    { key: jwk, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  expect(right, "the signature").toBe(true);
  return JSON.parse(Buffer.from(claims, "base64url").toString());
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
  const claims = signedBy(headers.authorization ?? "", key);
  expect(claims).toMatchObject({ aud: origin, sub: "mailto:help@kopeck.example" });
  expect(claims.exp).toBeGreaterThan(Date.now() / 1000);
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
