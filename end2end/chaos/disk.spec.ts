// G5 and G6: an answer follows the disk, and a disk that fails makes nobody a promise. strace watches the real program
// and lets its calls fail; where the kernel forbids tracing these tests say so and are skipped.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { books, CARDS, liveLoan, onHostedPage, openPayment, pay, payPage, paymentOf, untilPayment } from "../support/http";
import { expect, test, type World } from "../support/world";

const ANSWERS = Number(process.env.CHAOS_ANSWERS ?? 1_000);
/** How many calls of a kind fail, one after another: the first, the second, and so on. */
const FAULTS = Number(process.env.CHAOS_FAULTS ?? 40);
/** How many ask at once. */
const TOGETHER = 16;

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

/** A call that strace wrote down: by which thread, its text, whether it begins and ends on this line. */
type Call = { thread: string; line: string; begins: boolean; ends: boolean };

function calls(file: string): Call[] {
  const read = (line: string): Call => ({
    thread: line.split(/\s+/, 1)[0] ?? "",
    line,
    begins: !line.includes(" resumed>"),
    ends: !line.includes("<unfinished ...>"),
  });
  return readFileSync(file, "utf8").split("\n").map(read);
}

test("asked for by many at once, each acknowledgement follows a sync that began after its own row was written", async ({ world }) => {
  test.skip(traceable !== "", traceable);
  test.setTimeout(240_000);
  const count = Math.ceil(ANSWERS / 4);
  const log = wal(world);
  // Whole pages are written down, for the ids in them.
  const { file, end } = await strace(world, "together", "-s", "4300", "-e", "trace=pwrite64,fdatasync,fsync,read,recvfrom,write,writev,sendto");
  const ids = Array.from({ length: count }, () => randomUUID());
  const queue = [...ids];
  const ask = async () => {
    for (let id: string | undefined = queue.pop(); id !== undefined; id = queue.pop()) expect(await notify(world, id)).toBe(200);
  };
  await Promise.all(Array.from({ length: TOGETHER }, ask));
  await end();

  const named = /\\"object\\":\{\\"id\\":\\"([0-9a-f-]{36})\\"/;
  const anyId = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  const wanted = new Set<string>(ids);
  // When an id was first in the log, and how far the log is synced: the place of the newest sync's beginning.
  const written = new Map<string, number>();
  const begun = new Map<string, number>();
  const [sockets, reading] = [new Map<string, string>(), new Map<string, string>()];
  let synced = -1;
  const answered: string[] = [];
  const early: string[] = [];
  for (const [place, { thread, line, begins, ends }] of calls(file).entries()) {
    const socket = line.match(/ (?:read|recvfrom|write|writev|sendto)\((\d+)</)?.[1];
    if (line.includes(" pwrite64(") && line.includes(`<${log}>`)) {
      for (const [id] of line.matchAll(anyId)) if (wanted.has(id) && !written.has(id)) written.set(id, place);
    } else if (/ (fdatasync|fsync)(\(| resumed)/.test(line) && (line.includes(`<${log}>`) || begun.has(thread))) {
      if (begins) begun.set(thread, place);
      const since = begun.get(thread);
      if (ends && since !== undefined) {
        if (line.endsWith("= 0")) synced = Math.max(synced, since);
        begun.delete(thread);
      }
    } else if (/ (read|recvfrom)[( ]/.test(line)) {
      // What a call has read is told where it ends, from which socket where it begins.
      if (socket !== undefined) reading.set(thread, socket);
      const id = line.match(named)?.[1];
      if (id !== undefined) sockets.set(reading.get(thread) ?? "", id);
    } else if (/ (write|writev|sendto)\(/.test(line) && line.includes("HTTP/1.1 200")) {
      const id = sockets.get(socket ?? "");
      if (id === undefined) continue;
      sockets.delete(socket ?? "");
      answered.push(id);
      const row = written.get(id);
      if (row === undefined || synced < row) early.push(`${id}: written ${row}, synced ${synced}, answered ${place}`);
    }
  }
  expect(early).toEqual([]);
  expect(answered.length).toBe(count);
  console.log(`${answered.length} of ${count} answers to ${TOGETHER} at once came after a sync of their own rows`);
});

for (const [name, inject] of [
  ["an error of the disk", "fdatasync,fsync:error=EIO"],
  ["no room on the disk", "pwrite64:error=ENOSPC"],
] as const) {
  test(`${name} at the first call, at the second, and so on: whatever was acknowledged is there, and the next change succeeds`, async ({ world }) => {
    test.skip(traceable !== "", traceable);
    test.setTimeout(120_000 + FAULTS * 10_000);
    const borrowing = await liveLoan(world, 1);
    const { client } = borrowing;
    const acknowledged: string[] = [];
    let refused = 0;
    for (let call = 1; call <= FAULTS; call += 1) {
      const injected = `inject=${inject}:when=${1 + ((call - 1) % 12)}`;
      const { end } = await strace(world, "kth", "-P", wal(world), "-e", "trace=fdatasync,fsync,pwrite64", "-e", injected);
      for (let time = 0; time < 3; time += 1) {
        const status = await notify(world);
        expect([200, 503], `call ${call}`).toContain(status);
        refused += Number(status === 503);
      }
      const started = await pay(borrowing, "100");
      expect([200, 503], `call ${call}: ${started.body}`).toContain(started.status);
      expect(started.body).not.toMatch(/sqlite|database|I\/O/i);
      await end();
      // Whatever was hit, the next change goes through without anybody's help.
      await expect.poll(() => notify(world), { timeout: 10_000 }).toBe(200);
      if (started.status === 200) {
        const payment = paymentOf(started.location) ?? (await openPayment(borrowing));
        acknowledged.push(payment);
        await client.done("payment/not-paid", { payment });
      } else {
        refused += 1;
      }
    }
    await world.kill9();
    await world.restart();
    for (const payment of acknowledged) expect((await client.get(`/payments/${payment}`)).status, payment).toBe(200);
    const checked = await books(world);
    expect(checked).toEqual({ whole: true, difference: "0.00", ours: checked.theirs, theirs: checked.theirs });
    expect(refused).toBeGreaterThan(FAULTS / 4);
    console.log(`${name}: ${FAULTS} calls failed, ${refused} changes were refused, ${acknowledged.length} payments acknowledged and there`);
  });
}

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
