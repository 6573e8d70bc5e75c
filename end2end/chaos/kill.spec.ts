// G4: killed with SIGKILL at random moments under load, the server loses nothing it acknowledged and doubles nothing.
import { setTimeout as pause } from "node:timers/promises";
import { books, liveLoan, operations, paymentStatus, register, type Borrowing } from "../support/http";
import { expect, test } from "../support/world";
import { live, told } from "./load";

const KILLS = Number(process.env.CHAOS_KILLS ?? 100);
const BORROWERS = 4;
/** Half of all restarts answer within this time; one of them may be late on a machine that does much else. */
const READY_MS = Number(process.env.CHAOS_READY_MS ?? 3_000);

const at = (sorted: number[], part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

const databases = process.env.KOPECK_TEST_POSTGRES === undefined ? ["sqlite"] : ["sqlite", "postgres"];
for (const database of databases as ("sqlite" | "postgres")[]) {
  test.describe(`on ${database}`, () => {
    test.use({ database });

    test(`${KILLS} deaths lose and double nothing`, async ({ world }) => {
      test.setTimeout(120_000 + KILLS * 20_000);
      const borrowings: Borrowing[] = [];
      for (let n = 1; n <= BORROWERS; n += 1) borrowings.push(await liveLoan(world, n));
      await world.sandbox.advanceDays(1);

      const said = told();
      let over = false;
      const people = borrowings.flatMap((one) => [0, 1].map(() => live(one, said, () => over)));
      const ready: number[] = [];
      for (let kill = 0; kill < KILLS; kill += 1) {
        await pause(100 + Math.random() * 900);
        await world.kill9();
        const since = Date.now();
        await world.restart();
        ready.push(Date.now() - since);
        // The file and both chains are whole each time, while people go on paying.
        const looked = await world.kopeck("verify-ledger");
        expect(looked.code, `after death ${kill + 1}: ${looked.output}`).toBe(0);
      }
      over = true;
      await Promise.all(people);

      // The poller finds what the deaths left open: hours of the business clock pass.
      for (let hour = 0; hour < 4; hour += 1) {
        await world.sandbox.advanceSeconds(3_700);
        await pause(3_000);
      }
      await expect
        .poll(async () => (await books(world)).difference, { timeout: 60_000, intervals: [1_000] })
        .toBe("0.00");
      const checked = await books(world);
      expect(checked).toEqual({ whole: true, difference: "0.00", ours: checked.theirs, theirs: checked.theirs });

      // What was taken is posted, each once.
      const { payments } = await register(world);
      const taken = payments.filter(({ status }) => status === "succeeded");
      let posted: number[] = [];
      for (const borrowing of borrowings) {
        const rows = (await operations(borrowing)).filter(({ kind }) => kind === "payment");
        posted = posted.concat(rows.map(({ kopecks }) => kopecks));
      }
      const sorted = (list: number[]) => [...list].sort((a, b) => a - b);
      expect(sorted(posted)).toEqual(sorted(taken.map(({ amount }) => Math.round(Number(amount.value) * 100))));
      // Whatever somebody was told is still so.
      expect(said.faults).toEqual([]);
      for (const payment of said.succeeded) {
        const anyone = await Promise.all(borrowings.map(async ({ client }) => {
          const { status } = await client.get(`/payments/${payment}`);
          return status === 200 ? paymentStatus(client, payment) : undefined;
        }));
        expect(anyone.filter((status) => status !== undefined)).toEqual(["succeeded"]);
      }

      ready.sort((a, b) => a - b);
      console.log(
        `${database}: ${KILLS} deaths, ${said.answered} answers, ${said.unanswered} unanswered, ` +
          `${taken.length} payments taken and posted, ${said.succeeded.size} seen to succeed; ready again after ms: ` +
          `median ${at(ready, 0.5)}, 95 % ${at(ready, 0.95)}, slowest ${at(ready, 1)}`,
      );
      expect(taken.length).toBeGreaterThan(KILLS / 4);
      expect(at(ready, 0.5), `ready after ${ready.join(", ")} ms`).toBeLessThanOrEqual(READY_MS);
    });
  });
}
