// A loan's page, rendered by us and by the askama peer: requests a second, the slowest of a hundred at half the peak,
// and memory over many requests. Server and load have a processor each.
import { expect, test } from "@playwright/test";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Borrowing } from "../support/http";
import type { World } from "../support/world";
import { LOAD_CPU, median, resident, type Running, SERVER_CPU, sized } from "./programs";
import { report } from "./report";
import { askama, buildPeers, cabinet, ours } from "./sites";

const run = promisify(execFile);
const ROUNDS = sized("ROUNDS", 5);
const SECONDS = sized("SECONDS", 10);
const REQUESTS = sized("REQUESTS", 1_000_000);

let world: World;
let borrowing: Borrowing;
let sites: Record<string, Running>;

test.describe.configure({ mode: "serial" });

test.beforeAll(async () => {
  ({ world, borrowing } = await cabinet());
  await buildPeers(world, borrowing);
  sites = { kopeck: await ours(world, SERVER_CPU), askama: await askama(world, borrowing, SERVER_CPU) };
});

test.afterAll(async () => {
  for (const site of Object.values(sites ?? {})) await site.stop();
  await world?.stop();
});

type Load = { rate: number; p50: number; p99: number };

/** `amount` is what oha takes: `-z 10s`, `-n 1000`, with `-q` for a fixed rate. */
async function load(url: string, ...amount: string[]): Promise<Load> {
  const cookie = `cookie: __Host-session=${borrowing.client.cookie}`;
  const args = ["-c", LOAD_CPU, "oha", "--no-tui", "--output-format", "json", "-c", "16", "-H", cookie, ...amount];
  const { stdout } = await run("taskset", [...args, `${url}/loans/${borrowing.loan}`], { maxBuffer: 1 << 26 });
  const found = JSON.parse(stdout) as {
    summary: { requestsPerSec: number };
    latencyPercentiles: { p50: number; p99: number };
    statusCodeDistribution: Record<string, number>;
  };
  expect(Object.keys(found.statusCodeDistribution), "every answer is the page").toEqual(["200"]);
  const { p50, p99 } = found.latencyPercentiles;
  return { rate: found.summary.requestsPerSec, p50: 1000 * p50, p99: 1000 * p99 };
}

async function size(url: string): Promise<number> {
  const answer = await fetch(`${url}/loans/${borrowing.loan}`, { headers: { cookie: `__Host-session=${borrowing.client.cookie}` } });
  return (await answer.arrayBuffer()).byteLength;
}

test("a loan's page", async () => {
  for (const { url } of Object.values(sites)) await load(url, "-n", "2000");
  const peaks: Record<string, number[]> = {};
  const calm: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, { url }] of Object.entries(sites)) (peaks[name] ??= []).push((await load(url, "-z", `${SECONDS}s`)).rate);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, { url }] of Object.entries(sites)) {
      const half = Math.floor(median(peaks[name] ?? []) / 2);
      (calm[name] ??= []).push((await load(url, "-z", `${SECONDS}s`, "-q", String(half), "--latency-correction")).p99);
    }
  }
  const rows = [];
  for (const [name, { url }] of Object.entries(sites)) {
    rows.push({ site: name, "HTML KB": (await size(url)) / 1000, "req/s": median(peaks[name] ?? []), "p99 ms at half": median(calm[name] ?? []) });
  }
  const ratios = (peaks.kopeck ?? []).map((rate, round) => rate / (peaks.askama?.[round] ?? NaN));
  report("loan-page", [...rows, { site: "kopeck / askama", "req/s": median(ratios) }], { peaks, calm });
});

test("memory over many requests", async () => {
  const { url, pid } = sites.kopeck as Running;
  await load(url, "-n", String(Math.min(50_000, REQUESTS)));
  const before = resident(pid);
  const parts = 10;
  const after: number[] = [];
  for (let part = 0; part < parts; part += 1) {
    await load(url, "-n", String(REQUESTS / parts));
    after.push(resident(pid));
  }
  const grown = ((after.at(-1) ?? NaN) - before) / (REQUESTS / 1000);
  report("memory", [{ requests: REQUESTS, "before KB": before, "after KB": after.at(-1) ?? NaN, "KB per 1000": grown }], after);
});
