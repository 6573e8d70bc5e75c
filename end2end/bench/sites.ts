// The cabinet and its two peers, started side by side.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { liveLoan, type Borrowing } from "../support/http";
import { freePort } from "../support/processes";
import { KOPECK, startWorld, type World } from "../support/world";
import { running, type Running } from "./programs";

export const ROOT = resolve(__dirname, "../..");
const PEERS = join(ROOT, "end2end/peers");
export const LOGS = join(ROOT, "end2end/artifacts/logs/bench");
const TARGET = process.env.PEERS_TARGET ?? join(ROOT, "target/peers");

export async function cabinet(): Promise<{ world: World; borrowing: Borrowing }> {
  mkdirSync(LOGS, { recursive: true });
  const world = await startWorld({ lender: "demo", database: "sqlite", logs: LOGS });
  const borrowing = await liveLoan(world, 1);
  await world.sandbox.advanceDays(10);
  return { world, borrowing };
}

const folder = (world: World): string => world.database.replace(/^sqlite:\/\//, "").replace(/\/[^/]*$/, "");

/** Our server once more over the same data, with the machine's own clock, on one processor. */
export async function ours(world: World, cpu?: string): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = [KOPECK, "serve", "--lender", join(ROOT, "lenders/demo.toml"), "--database", world.database];
  command.push("--listen", `127.0.0.1:${port}`, "--public-url", url, "--sandbox-url", world.sandbox.url);
  command.push("--smtp-url", "smtp://127.0.0.1:9", "--keys", join(folder(world), "keys.toml"), "--development", "false");
  command.push("--site-root", join(ROOT, "target/site"), "--hash-file", join(ROOT, "target/hash.txt"));
  const env = { RUST_LOG: "warn" };
  return running(command, { url, health: `${url}/health/ready`, log: join(LOGS, "ours.log"), env, cpu });
}

/** Takes markup and texts from the cabinet and builds both peers of them. */
export async function buildPeers(world: World, borrowing: Borrowing): Promise<void> {
  const { take } = (await import(pathToFileURL(join(PEERS, "take.mjs")).href)) as { take(url: string): Promise<unknown> };
  await take(world.url);
  takeLoan(await borrowing.client.page(`/loans/${borrowing.loan}`));
  execFileSync("npx", ["vite", "build"], { cwd: join(PEERS, "sveltekit"), stdio: "pipe" });
  const cargo = ["build", "--release", "--target-dir", TARGET];
  execFileSync("cargo", cargo, { cwd: join(PEERS, "askama"), stdio: ["ignore", "ignore", "inherit"] });
}

const MONEY = /(?:\d{1,3}\u00a0)*\d{1,3},\d\d\u00a0₽/g;

/** Sums of the loan's page, in the order in which they stand there. */
function takeLoan(html: string): void {
  const figures: number[] = [];
  const template = html
    .replace(/<script\b[^>]*>.*?<\/script>/gs, "")
    .replaceAll("{", "&#123;")
    .replace(MONEY, (text) => {
      figures.push(Number(text.replace(/\D/g, "")));
      return `{{ figures[${figures.length - 1}] }}`;
    });
  if (figures.length < 5) throw new Error("The loan's page has no sums");
  writeFileSync(join(PEERS, "askama/taken/loan.html"), `${template}<!-- {{ debt }} -->`);
  writeFileSync(join(PEERS, "askama/taken/figures.json"), JSON.stringify(figures));
}

export async function svelte(cpu?: string): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PORT: String(port), ORIGIN: url, NODE_ENV: "production" };
  const command = ["node", join(PEERS, "sveltekit/server.js")];
  return running(command, { url, health: url, log: join(LOGS, "sveltekit.log"), env, cpu });
}

export async function askama(world: World, borrowing: Borrowing, cpu?: string): Promise<Running> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const database = join(folder(world), "askama.sqlite");
  const source = world.database.replace(/^sqlite:\/\//, "").replace(/\?.*/, "");
  const cookie = borrowing.client.cookie ?? "";
  const seed = [join(PEERS, "askama/seed.py"), source, database, borrowing.loan, cookie];
  execFileSync("python3", seed, { stdio: "inherit" });
  const command = [join(TARGET, "release/peer-askama"), String(port), database];
  return running(command, { url, health: url, log: join(LOGS, "askama.log"), cpu });
}
