// G5 and G6: an answer follows the disk, and a disk that fails makes nobody a promise. strace watches the real program
// and lets its calls fail; where the kernel forbids tracing these tests say so and are skipped.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { books, liveLoan, onHostedPage, CARDS, pay, payPage, untilPayment } from "../support/http";
import { expect, test, type World } from "../support/world";

const ANSWERS = Number(process.env.CHAOS_ANSWERS ?? 200);

const traceable = (() => {
  const tried = spawnSync("strace", ["-e", "trace=none", "true"], { encoding: "utf8" });
  return tried.status === 0 ? "" : `strace can't trace here: ${tried.error?.message ?? tried.stderr}`;
})();

/** The write-ahead log: what a commit has to reach. */
const wal = (world: World) => `${new URL(world.database).pathname}-wal`;

/** Watches the running server; answers what ends the watching. */
async function strace(world: World, name: string, ...args: string[]): Promise<{ file: string; end: () => Promise<void> }> {
  const file = join(world.logs, `${name}.strace`);
  const child: ChildProcess = spawn("strace", ["-f", "-y", "-s", "600", "-o", file, ...args, "-p", String(world.pid())], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (text: Buffer) => (said += text.toString()));
  await expect.poll(() => said, { timeout: 10_000 }).toContain("attached");
  return {
    file,
    async end() {
      child.kill("SIGINT");
      await new Promise((resolve) => child.once("exit", resolve));
    },
  };
}

/** A notification with an id of its own: stored by one commit before it is answered. */
async function notify(world: World, id: string = randomUUID()): Promise<number> {
  const answer = await fetch(`${world.url}/webhooks/yookassa`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type: "notification", event: "payment.succeeded", object: { id, status: "succeeded" } }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

test("every acknowledgement follows a sync of what it acknowledges", async ({ world }) => {
  test.skip(traceable !== "", traceable);
  test.setTimeout(240_000);
  const { file, end } = await strace(world, "order", "-e", "trace=pwrite64,fdatasync,fsync,read,recvfrom,write,writev,sendto");
  for (let time = 0; time < ANSWERS; time += 1) expect(await notify(world)).toBe(200);
  await end();

  const log = wal(world);
  expect(existsSync(log)).toBe(true);
  let [asked, wrote, synced, followed] = [false, false, false, 0];
  // Syncs of the log that have begun and not ended, by thread.
  const syncing = new Set<string>();
  const early: string[] = [];
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [thread = ""] = line.split(/\s+/, 1);
    if (/ (read|recvfrom)\(|(read|recvfrom) resumed/.test(line) && line.includes("POST /webhooks/yookassa")) {
      [asked, wrote, synced] = [true, false, false];
    } else if (line.includes(" pwrite64(") && line.includes(`<${log}>`)) {
      [wrote, synced] = [true, false];
    } else if (/ (fdatasync|fsync)\(/.test(line) && line.includes(`<${log}>`)) {
      if (line.includes("unfinished")) syncing.add(thread);
      else synced = wrote && line.endsWith("= 0");
    } else if (/(fdatasync|fsync) resumed/.test(line) && syncing.delete(thread)) {
      synced = wrote && line.endsWith("= 0");
    } else if (asked && / (write|writev|sendto)\(/.test(line) && line.includes("HTTP/1.1 200")) {
      if (wrote && synced) followed += 1;
      else early.push(line.slice(0, 120));
      asked = false;
    }
  }
  expect(early).toEqual([]);
  expect(followed).toBe(ANSWERS);
  console.log(`${followed} of ${ANSWERS} answers came after a sync of the log`);
});

for (const [name, inject] of [
  ["the disk fails", "fdatasync,fsync:error=EIO"],
  ["the disk is full", "pwrite64:error=ENOSPC"],
  ["the log can't be written", "pwrite64:error=EIO"],
] as const) {
  test(`${name}: nothing is acknowledged, and it recovers by itself`, async ({ world }) => {
    test.skip(traceable !== "", traceable);
    test.setTimeout(240_000);
    const borrowing = await liveLoan(world, 1);
    const { end } = await strace(world, "errors", "-P", wal(world), "-e", "trace=fdatasync,fsync,pwrite64", "-e", `inject=${inject}`);
    const refused: string[] = [];
    for (let time = 0; time < 10; time += 1) {
      const id = randomUUID();
      expect(await notify(world, id)).toBe(503);
      refused.push(id);
    }
    const started = await pay(borrowing, "500");
    expect(started.status).toBe(503);
    expect(started.body).not.toMatch(/sqlite|database|I\/O/i);
    // What needs no disk is still there.
    expect((await borrowing.client.get(`/loans/${borrowing.loan}`)).status).toBe(200);
    await end();

    await expect.poll(() => notify(world, refused[0]), { timeout: 10_000 }).toBe(200);
    for (const id of refused) expect(await notify(world, id)).toBe(200);
    const { page, payment } = await payPage(borrowing, "500");
    await onHostedPage(page, CARDS.plain);
    await untilPayment(borrowing.client, payment, "succeeded");
    await pause(500);
    await world.kill9();
    await world.restart();
    const checked = await books(world);
    expect(checked).toEqual({ whole: true, difference: "0.00", ours: checked.theirs, theirs: checked.theirs });
  });
}
