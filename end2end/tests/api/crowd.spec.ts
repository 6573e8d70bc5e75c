// A page is made of parts; a crowd must not be able to hold every connection of the database between two of them.
import { Client, liveLoan } from "../../support/http";
import { expect, test } from "../../support/world";

const AT_ONCE = 64;
const EACH = 5;

test("a crowd that opens the same pages at once is answered, every one of it", async ({ world }) => {
  const { client, loan, contract, card } = await liveLoan(world, 1);
  const stranger = new Client(world.url);
  const pages: [Client, string, number][] = [
    [stranger, "/", 200],
    [stranger, "/login", 200],
    [client, "/cabinet", 200],
    [client, `/loans/${loan}`, 200],
    [client, `/loans/${loan}/pay`, 200],
    [client, `/loans/${loan}/prolong`, 200],
    [client, `/offer/${contract}`, 302],
    [client, `/cards/${card}/return`, 302],
    [client, "/security", 200],
    [client, "/no-such-page", 404],
  ];
  for (const [by, path, status] of pages) {
    const one = async () => {
      const statuses: number[] = [];
      for (let i = 0; i < EACH; i++) statuses.push((await by.get(path)).status);
      return statuses;
    };
    const answers = (await Promise.all(Array.from({ length: AT_ONCE }, one))).flat();
    expect(answers, path).toEqual(Array.from({ length: AT_ONCE * EACH }, () => status));
  }
  expect((await stranger.get("/health/ready")).status).toBe(200);
});
