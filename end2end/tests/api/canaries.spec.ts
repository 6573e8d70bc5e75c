// What a stolen log, a stolen database or somebody else's page would tell: nothing about a person.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CARDS, liveLoan, onHostedPage, payPage, untilPayment } from "../../support/http";
import { expect, test } from "../../support/world";

test("a person's data is in no log and not in the database's files as it is", async ({ world }) => {
  await world.restart({ RUST_LOG: "debug" });
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  const { page, payment } = await payPage(borrowing, "1000");
  await onHostedPage(page, CARDS.plain);
  await untilPayment(borrowing.client, payment, "succeeded");
  const { who, phone, client } = borrowing;
  const code = (await world.sandbox.messages(phone)).map((sms) => sms.text.match(/\d{6}/)?.[0]).find(Boolean);
  const canaries = {
    phone: phone.slice(1),
    passport: who.passport,
    inn: who.inn,
    "last name": who.lastName,
    mail: who.email,
    card: CARDS.plain,
    code: ` ${code ?? "no code came"}`,
    session: client.cookie ?? "no session",
  };
  expect(code).toMatch(/^\d{6}$/);
  expect(canaries.session.length).toBeGreaterThan(15);

  const log = readFileSync(join(world.logs, "server.log"));
  expect(log.length).toBeGreaterThan(1_000);
  const database = world.database.replace(/^sqlite:\/\//, "").replace(/\?.*$/, "");
  const stored = Buffer.concat([readFileSync(database), readFileSync(`${database}-wal`)]);
  expect(stored.length).toBeGreaterThan(100_000);
  const found = Object.entries({ log, database: stored }).flatMap(([file, bytes]) =>
    Object.entries(canaries)
      .filter(([, value]) => bytes.includes(value))
      .map(([what]) => `${what} in the ${file}`),
  );
  expect(found).toEqual([]);
});
