// The rules of sessions, as a table (what must be true | what is done | what follows). What a number's change and a
// staff member's role end is shown in cabinet/tests (known.rs, staff.rs).
import { resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { person } from "../../support/borrower";
import { attribute, Client, refusal, signIn, text } from "../../support/http";
import { expect, test } from "../../support/world";

const CLOSED = { status: 302, location: "/login?next=/cabinet" };
const state = async (client: Client) => {
  const { status, location } = await client.get("/cabinet");
  return { status, location };
};
const open = async (client: Client) => (await client.get("/cabinet")).status === 200;

/** The same cookie in other hands. */
function copy(client: Client): Client {
  const other = new Client(client.url);
  other.cookie = client.cookie;
  return other;
}

test("a session is new at sign-in, ends by leaving, from another device, and all at once", async ({ world }) => {
  const { phone } = person(1);
  const digits = phone.replace(/\D/g, "");

  await test.step("fixation: the cookie of a visitor opens nothing once its owner has signed in", async () => {
    const victim = new Client(world.url);
    await victim.done("access/request-code", { phone });
    const planted = copy(victim);
    await victim.done("access/verify-code", { code: await world.sandbox.sms(digits) });
    expect(victim.cookie).not.toBe(planted.cookie);
    expect(await open(victim)).toBe(true);
    expect(await state(planted)).toEqual(CLOSED);
  });

  await test.step("leaving: the cookie is dead on the server too, and the browser is told to forget", async () => {
    await world.sandbox.advanceSeconds(61);
    const client = await signIn(world, phone);
    const stolen = copy(client);
    expect(await open(stolen)).toBe(true);
    const left = await client.postForm("access/sign-out");
    expect(left.headers.get("clear-site-data")).toContain('"cache"');
    expect(await state(stolen)).toEqual(CLOSED);
    // Leaving again harms nobody.
    expect((await stolen.postForm("access/sign-out")).status).toBeLessThan(400);
  });

  await test.step("parallel: each is listed, one is closed alone, the others at once", async () => {
    const devices: Client[] = [];
    for (let n = 0; n < 3; n += 1) {
      await world.sandbox.advanceSeconds(61);
      devices.push(await signIn(world, phone));
    }
    const [first, second, third] = devices as [Client, Client, Client];
    const page = await first.page("/security");
    // The first of all, and these three.
    expect([...page.matchAll(/name="session" value="([^"]+)"/g)]).toHaveLength(3);
    const [, one = ""] = page.match(/name="session" value="([^"]+)"/) ?? [];
    await first.done("access/end-session", { session: one });
    const left = [await open(first), await open(second), await open(third)];
    expect(left.filter(Boolean)).toHaveLength(2);
    expect(left[0]).toBe(true);
    await first.done("access/end-others");
    expect([await open(first), await open(second), await open(third)]).toEqual([true, false, false]);
    expect(attribute(await first.page("/security"), "sessions", "id")).toBeDefined();
  });
});

test("the list says the device, the place and the last use of each sign-in", async ({ world }) => {
  const { phone } = person(4);
  const places = resolve(__dirname, "../../../server/tests/data/places.mmdb");
  await world.restart({ KOPECK_PLACES_FILE: places, KOPECK_TRUST_PROXY: "true" });
  const at = async (ip: string, agent: string, from = new Client(world.url)) => {
    from.standing = { "x-forwarded-for": ip, "user-agent": agent };
    await world.sandbox.advanceSeconds(61);
    return signIn(world, phone, from);
  };
  const chrome = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";
  const apple = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
  const home = await at("203.0.113.7", chrome);
  await at("203.0.113.200", apple);
  const nowhere = await at("198.51.100.9", "curl/8");
  const list = async () => {
    const page = await home.page("/security");
    const [, rows = ""] = page.match(/id="sessions"[^>]*>(.*?)<\/ul>/s) ?? [];
    return rows.split("<li").slice(1).map((row) => text(`<li${row}`));
  };
  const find = (rows: string[], device: string) => rows.find((row) => row.includes(device)) ?? "";
  const before = await list();
  expect(before).toHaveLength(3);
  expect(find(before, "Chrome, Android")).toMatch(/Казань, Россия.*\d\d:\d\d.*Это устройство/);
  expect(find(before, "Safari, iPhone")).toMatch(/Moscow Oblast, Россия.*\d\d:\d\d/);
  expect(find(before, "Неизвестное устройство")).toContain("Место неизвестно");

  await test.step("the last use moves with each use", async () => {
    await world.sandbox.advanceDays(2);
    await nowhere.page("/cabinet");
    const after = await list();
    expect(find(after, "Неизвестное устройство")).not.toBe(find(before, "Неизвестное устройство"));
    expect(find(after, "Safari, iPhone")).toBe(find(before, "Safari, iPhone"));
  });
});

test("a session without use, an old one, and one that was confirmed long ago", async ({ world }) => {
  const [idler, busy] = [person(2).phone, person(3).phone];

  await test.step("confirmed long ago: cards and contacts wait for a code, the rest does not", async () => {
    await world.restart({ KOPECK_CONFIRM_SECONDS: "2" });
    const client = await signIn(world, idler);
    expect((await client.post("payout/add-card", { return_to: "/cabinet" })).status).toBe(200);
    await pause(3_100);
    const late = await client.post("payout/add-card", { return_to: "/cabinet" });
    expect(late.status).toBe(403);
    expect(refusal(late).reason).toBe("confirm_needed");
    expect(await open(client)).toBe(true);
    await world.sandbox.advanceSeconds(61);
    await client.done("access/ask-confirmation");
    await client.done("access/confirm", { code: await world.sandbox.sms(idler.replace(/\D/g, "")) });
    expect((await client.post("payout/add-card", { return_to: "/cabinet" })).status).toBe(200);
  });

  await test.step("half an hour unless said otherwise", async () => {
    expect((await world.kopeck("serve", "--help")).output).toMatch(/--confirm-seconds[\s\S]*?\[default: 1800\]/);
  });

  await test.step("without use it ends, in use it lives", async () => {
    await world.restart({ KOPECK_SESSION_IDLE_SECONDS: "4" });
    await world.sandbox.advanceSeconds(61);
    const [idle, used] = [await signIn(world, idler), await signIn(world, busy)];
    for (let n = 0; n < 5; n += 1) {
      await pause(1_200);
      expect(await open(used)).toBe(true);
    }
    expect(await state(idle)).toEqual(CLOSED);
  });

  await test.step("however busy it is, it ends", async () => {
    await world.restart({ KOPECK_SESSION_HOURS: "0" });
    await world.sandbox.advanceSeconds(61);
    const client = await signIn(world, busy);
    let ended = false;
    for (let n = 0; n < 10 && !ended; n += 1) {
      await pause(500);
      ended = !(await open(client));
    }
    expect(ended).toBe(true);
    expect(await state(client)).toEqual(CLOSED);
  });
});
