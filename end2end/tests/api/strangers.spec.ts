// What the forms around a number tell a stranger: the same bytes for a known one and an unknown one.
import { Client, registered, signIn } from "../../support/http";
import { asked } from "../../support/strangers";
import { expect, test } from "../../support/world";

test.use({ access: 'method = "phone_password"\npassword_from = "registration"\nrestore = ["sms", "email"]' });

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

  await test.step("signing in by a password: with a cabinet and without, with its password wrong each time", async () => {
    const of = async (login: string) => {
      const client = new Client(world.url);
      const answers = [];
      for (const password of ["девять сосен", "десять сосен", "", "сосна"]) {
        answers.push(await asked(client, "access/sign-in", { phone: login, password }));
      }
      return answers;
    };
    const right = await of(known.who.phone);
    expect(right.map(({ answer }) => answer.status)).toEqual([422, 422, 422, 422]);
    expect(await of("+79007650003")).toEqual(right);
  });

  await test.step("registering: a number that is in use and a free one", async () => {
    const of = async (phone: string, address: string) => {
      const fields = { phone, email: address, password: "восемь сосен у моря", repeat: "восемь сосен у моря", consent: "yes" };
      return asked(new Client(world.url), "access/register", fields);
    };
    await world.sandbox.advanceDays(1);
    const right = await of(known.who.phone, "free@example.org");
    expect(right.answer.status).toBe(200);
    expect(await of("+79007650004", "other@example.org")).toEqual(right);
    // An address that is somebody's says nothing either.
    expect(await of("+79007650005", email)).toEqual(right);
  });

  await test.step("a code to come in with", async () => {
    const of = async (phone: string) => asked(new Client(world.url), "access/request-code", { phone });
    await world.sandbox.advanceSeconds(61);
    const right = await of(known.who.phone);
    expect(right.answer.status).toBe(200);
    expect(await of("+79007650006")).toEqual(right);
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
