// A loan's page, rendered by us and by the askama peer: requests a second, the slowest of a hundred at half the peak,
// and memory over many requests. Server and load have a processor each.
import { expect, test } from "@playwright/test";
import { execFile } from "node:child_process";
import { get, type IncomingMessage } from "node:http";
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

/** Asked for as it is, or compressed as browsers want it: oha asks for brotli unless it is told not to. */
const WAYS = { plain: ["--disable-compression"], brotli: [] };

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

/** Bytes of the page as it is sent. */
async function size(url: string, encoding: string): Promise<number> {
  const headers = { cookie: `__Host-session=${borrowing.client.cookie}`, "accept-encoding": encoding };
  const answer = await new Promise<IncomingMessage>((done, failed) => {
    get(`${url}/loans/${borrowing.loan}`, { headers }, done).once("error", failed);
  });
  let bytes = 0;
  for await (const part of answer) bytes += (part as Buffer).length;
  return bytes;
}

for (const [way, asked] of Object.entries(WAYS)) {
  test(`a loan's page, ${way}`, async () => {
    for (const { url } of Object.values(sites)) await load(url, "-n", "2000", ...asked);
    const peaks: Record<string, number[]> = {};
    const calm: Record<string, number[]> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, { url }] of Object.entries(sites)) (peaks[name] ??= []).push((await load(url, "-z", `${SECONDS}s`, ...asked)).rate);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, { url }] of Object.entries(sites)) {
        const half = String(Math.floor(median(peaks[name] ?? []) / 2));
        (calm[name] ??= []).push((await load(url, "-z", `${SECONDS}s`, "-q", half, "--latency-correction", ...asked)).p99);
      }
    }
    const rows = [];
    for (const [name, { url }] of Object.entries(sites)) {
      const kilobytes = (await size(url, way === "plain" ? "identity" : "br")) / 1000;
      rows.push({ site: name, "KB sent": kilobytes, "req/s": median(peaks[name] ?? []), "p99 ms at half": median(calm[name] ?? []) });
    }
    const ratios = (peaks.kopeck ?? []).map((rate, round) => rate / (peaks.askama?.[round] ?? NaN));
    report(`loan-page-${way}`, [...rows, { site: "kopeck / askama", "req/s": median(ratios) }], { peaks, calm });
  });
}

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
