// Files that are sent in place of a picture, through the route that people use: nothing is kept as it came, nothing breaks.
import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { Client, lasting, registered, type Known } from "../../support/http";
import { CANARY, hostile, type Sent } from "../../support/hostile";
import { shape } from "../../support/strangers";
import { expect, test, type World } from "../../support/world";

/** As many as one owner may send in a day, and some less. */
const A_DAY = 18;

async function send({ client }: Known, { name, bytes }: Sent, type = "image/jpeg") {
  const form = new FormData();
  form.set("back", "/papers");
  form.set("kind", "evidence");
  form.set("file", new Blob([new Uint8Array(bytes)], { type }), `${name}.jpg`);
  // A server that stops reading may close before the browser has sent everything.
  return client.send("/uploads", { method: "POST", headers: { origin: client.url, accept: "text/html" }, body: form });
}

/** The addresses of what is kept. */
async function kept({ client }: Known): Promise<string[]> {
  return [...(await client.page("/papers")).matchAll(/href="(\/uploads\/[0-9a-f-]{36})"/g)].map(([, href = ""]) => href);
}

async function bytesOf({ client }: Known, href: string): Promise<Buffer> {
  const cookie = `__Host-session=${client.cookie}; __Host-device=${client.device}`;
  const answer = await fetch(client.url + href, { headers: { cookie } });
  expect(answer.status, href).toBe(200);
  expect(answer.headers.get("content-type")).toBe("image/jpeg");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  return Buffer.from(await answer.arrayBuffer());
}

/** Mebibytes of the server's memory: now, or at most. */
function memory(world: World, name: "VmRSS" | "VmHWM"): number {
  const [, kib = "0"] = readFileSync(`/proc/${world.pid()}/status`, "utf8").match(new RegExp(`${name}:\\s+(\\d+)`)) ?? [];
  return Number(kib) / 1024;
}

async function drawn(browser: import("@playwright/test").Browser): Promise<[Buffer, Buffer]> {
  const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
  await page.setContent("<h1 style='font-size:90px;background:linear-gradient(red,blue)'>Паспорт 4510 123456</h1>");
  const pictures: [Buffer, Buffer] = [await page.screenshot({ type: "jpeg" }), await page.screenshot({ type: "png" })];
  await page.close();
  return pictures;
}

test("every hostile file is made anew or refused, and whatever is kept is its owner's alone", async ({ browser, world }) => {
  test.setTimeout(300_000);
  const owner = await registered(world, 1);
  const other = await registered(world, 2);
  const [jpeg, png] = await drawn(browser);
  const files = hostile(jpeg, png);
  expect(files.length).toBeGreaterThanOrEqual(60);
  const before = memory(world, "VmRSS");
  const honest: string[] = [];
  for (const [number, file] of files.entries()) {
    if (number > 0 && number % A_DAY === 0) await world.sandbox.advanceDays(1);
    const answer = await send(owner, file);
    // Refused or kept, even far too large: the person comes back to the page.
    expect(answer.status, file.name).toBe(303);
    expect(answer.location, file.name).toBe("/papers");
    const [href] = await kept(owner);
    if (href === undefined) continue;
    honest.push(file.name);
    const bytes = await bytesOf(owner, href);
    expect(bytes.equals(file.bytes), `${file.name} is kept as it came`).toBe(false);
    expect(bytes.subarray(0, 4).toString("hex"), file.name).toBe("ffd8ffe0");
    for (const what of ["Exif", CANARY, "<script", "<?php", "PK\u0003\u0004", "ICC_PROFILE", "adobe.com"]) {
      expect(bytes.includes(what), `${file.name}: ${what}`).toBe(false);
    }
    await owner.client.send(`${href}/remove`, { method: "POST", headers: { origin: world.url } });
    expect(await kept(owner), file.name).toEqual([]);
  }
  for (const name of ["exif", "exif turned", "a comment", "jpeg with php behind", "png with zip behind", "png text"]) {
    expect(honest, name).toContain(name);
  }
  for (const name of ["nothing", "svg", "gif", "pdf", "144 megapixels", "deep colour", "one pixel", "13 megabytes", "jpeg 65535 high"]) {
    expect(honest, name).not.toContain(name);
  }
  expect(memory(world, "VmHWM") - before, "mebibytes more").toBeLessThan(200);
  expect((await owner.client.get("/health/ready")).status).toBe(200);

  await test.step("somebody else's picture is the same 404 as none, for a borrower, a visitor and whoever would remove it", async () => {
    await world.sandbox.advanceDays(1);
    expect((await send(owner, { name: "passport", bytes: jpeg })).status).toBe(303);
    const [href = ""] = await kept(owner);
    const nothing = `/uploads/${randomUUID()}`;
    for (const client of [other.client, new Client(world.url)]) {
      const foreign = shape(await client.get(href));
      expect(foreign.status).toBe(404);
      expect(foreign).toEqual(shape(await client.get(nothing)));
    }
    const remove = (path: string) => other.client.send(`${path}/remove`, { method: "POST", headers: { origin: world.url } });
    const [theirs, nobodys] = [shape(await remove(href)), shape(await remove(nothing))];
    expect(theirs.status).toBe(404);
    expect(theirs).toEqual(nobodys);
    expect(await kept(owner)).toEqual([href]);
    // Without a session no byte of the body is read.
    const stranger = { ...owner, client: new Client(world.url) };
    expect((await send(stranger, { name: "passport", bytes: jpeg })).location).toBe("/login");
  });
});

test("a picture sent from another site's page is refused", async ({ browser, world }) => {
  const owner = await registered(world, 1);
  const [jpeg] = await drawn(browser);
  const form = new FormData();
  form.set("back", "/papers");
  form.set("kind", "evidence");
  form.set("file", new Blob([new Uint8Array(jpeg)], { type: "image/jpeg" }), "p.jpg");
  const elsewhere = { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" };
  const answer = await owner.client.send("/uploads", { method: "POST", headers: elsewhere, body: form });
  expect(answer.status).toBe(403);
  expect(lasting(await owner.client.page("/papers"))).not.toMatch(/href="\/uploads\//);
});
