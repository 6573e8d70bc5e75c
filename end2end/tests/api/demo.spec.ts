// A lender with a past: people whose loans were lived through the use cases, staff who can sign in, books that agree.
import { expect, test } from "../../support/world";

test("`kopeck demo` fills an empty database with loans of every state and staff of every role, and no other", async ({ world }) => {
  const { code, output } = await world.kopeck("demo", "--loans", "30", "--seed", "7");
  expect(code, output).toBe(0);
  expect(output.match(/^login: \w+ password: \d{16}$/gm)).toHaveLength(9);
  const states = [...output.matchAll(/^([a-z ]+): (\d+)$/gm)].map(([, state]) => state);
  expect(states).toEqual(["closed", "late", "offered", "open", "refused", "waiting for a specialist"]);
  expect((await world.kopeck("verify-ledger")).output).toContain("whole");
  const again = await world.kopeck("demo", "--loans", "1");
  expect(again.output).toContain("has borrowers already");
  expect(again.code).not.toBe(0);
});
