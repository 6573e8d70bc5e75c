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
