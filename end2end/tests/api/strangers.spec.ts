// What the forms around a number tell a stranger: the same bytes for a known one and an unknown one.
import { Client, registered, signIn, type Answer, type Fields } from "../../support/http";
import { expect, test } from "../../support/world";

test.use({ access: 'method = "phone_password"\npassword_from = "registration"\nrestore = ["sms", "email"]' });

/** What is new in every answer is left out: a nonce, an id, the time, a cookie's value. */
function shape({ status, body, location, headers }: Answer) {
  const lasting = [...headers]
    .filter(([name]) => !["date", "x-request-id"].includes(name))
    .map(([name, value]) => [name, value.replace(/'nonce-[^']*'/, "nonce").replace(/__Host-(session|device)=[^;]*/, "$1")]);
  return { status, body, location, headers: lasting };
}

/** The page that follows, without what belongs to the one who asks. */
async function after(client: Client, answer: Answer): Promise<string> {
  const html = answer.location === null ? "" : (await client.get(answer.location)).body;
  const [, nonce = "-"] = html.match(/nonce="([^"]+)"/) ?? [];
  return html
    .replaceAll(nonce, "nonce")
    .replace(/value="[0-9a-f-]{36}"/g, "key")
    // A name of the one who asks, for their own device.
    .replace(/data-holder="[^"]*"/g, "holder")
    .replace(/\d\d:\d\d(:\d\d)?/g, "time")
    .replace(/seconds&quot;:\d+/g, "seconds")
    .replace(/···[\s\d· -]*/g, "phone");
}

async function asked(client: Client, endpoint: string, fields: Fields) {
  const answer = await client.post(endpoint, fields);
  return { answer: shape(answer), page: await after(client, answer) };
}

test("restoring a password, moving to another number, taking a number that is somebody's", async ({ world }) => {
  const known = await registered(world, 1);
  const email = known.who.email;
  await world.sandbox.advanceSeconds(3_601);

  await test.step("restore by a phone and by an address", async () => {
    for (const [own, nobody] of [
      [known.who.phone, "+79007650001"],
      [email, "nobody@example.org"],
    ] as const) {
      const of = async (login: string) => asked(new Client(world.url), "access/restore", { login });
      const right = await of(own);
      expect(right.answer.status).toBe(200);
      expect(await of(nobody), own).toEqual(right);
    }
  });

  await test.step("«my number has changed»: a number with a cabinet and one without", async () => {
    const of = async (old_phone: string, phone: string) =>
      asked(new Client(world.url), "request/phone", { old_phone, phone, passport: "4510 230001", birth_date: "12.05.1990" });
    const right = await of(known.who.phone, "+79007650101");
    expect(right.answer.status).toBe(200);
    expect(await of("+79007650002", "+79007650102")).toEqual(right);
    // A passport that is not the owner's is answered so as well.
    const wrong = { passport: "4510 999999", birth_date: "01.01.1980" };
    const thief = await asked(new Client(world.url), "request/phone", {
      old_phone: known.who.phone,
      phone: "+79007650103",
      ...wrong,
    });
    expect(thief).toEqual(right);
  });

  await test.step("another number for oneself: a free one and somebody's", async () => {
    const of = async (n: number, phone: string) => {
      const { client } = await registered(world, n);
      await world.sandbox.advanceSeconds(61);
      return asked(client, "request/own-phone", { phone });
    };
    const free = await of(11, "+79007650201");
    expect(free.answer.status).toBe(200);
    await signIn(world, "+79007650202");
    await world.sandbox.advanceSeconds(61);
    expect(await of(12, "+79007650202")).toEqual(free);
  });
});
