// A world per test: a server and a sandbox of its own on free ports, with a fresh database and fresh keys.
//
//   import { test, expect } from "../support/world";
//   test("…", async ({ page, world, shot }) => { await page.goto("/"); … await world.sandbox.sms(phone) … });
//
// Tests that need no page can use `world` alone; tests that share one world over several tests of a file call
// `startWorld` in `beforeAll` instead.
import { test as base, expect, type Page } from "@playwright/test";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Program, freePort } from "./processes";
import { Sandbox } from "./sandbox";

export { expect };
export type { Fault } from "./sandbox";

const run = promisify(execFile);
const ROOT = resolve(__dirname, "../..");
const ARTIFACTS = join(ROOT, "end2end/artifacts");
const PROGRAMS = process.env.KOPECK_PROGRAMS ?? join(ROOT, "target/debug");
export const KOPECK = join(PROGRAMS, "kopeck");

export type Database = "sqlite" | "postgres";

export type World = {
  url: string;
  database: string;
  /** The folder of the server's log. */
  logs: string;
  sandbox: Sandbox;
  /** The running server's process. */
  pid(): number;
  /** SIGKILL to the server; its database and the sandbox stay. */
  kill9(): Promise<void>;
  /** Stops the server in good order if it runs, and starts it again on the same port and data. */
  restart(env?: Record<string, string>): Promise<void>;
  /** Another subcommand of `kopeck` on this world's database: `kopeck("verify-ledger")`. */
  kopeck(...args: string[]): Promise<{ code: number; output: string }>;
  stop(): Promise<void>;
};

async function freshDatabase(kind: Database, folder: string): Promise<{ url: string; drop: () => Promise<void> }> {
  if (kind === "sqlite") {
    return { url: `sqlite://${join(folder, "kopeck.sqlite")}?mode=rwc`, drop: async () => {} };
  }
  const server = process.env.KOPECK_TEST_POSTGRES;
  if (!server) throw new Error("KOPECK_TEST_POSTGRES is not set: scripts/postgres.sh run npx playwright test");
  const name = `e2e_${process.pid}_${Date.now().toString(36)}`;
  const sql = (text: string) => run("psql", ["--quiet", "--no-psqlrc", "--command", text, server]);
  await sql(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: async () => void (await sql(`DROP DATABASE ${name} WITH (FORCE)`)) };
}

/** Gosuslugi's gateway, T-ID and VK ID on ports of their own, and the file that tells the server of them. */
async function identityProviders(folder: string, cabinet: string, logs: string): Promise<{ program: Program; file: string }> {
  const [gosuslugi, tid, vkid] = [await freePort(), await freePort(), await freePort()];
  const file = join(folder, "identity.toml");
  const script = join(__dirname, "identity-provider.mjs");
  const args = [script, cabinet, file, ...[gosuslugi, tid, vkid].map(String)];
  const health = `http://localhost:${vkid}/.well-known/openid-configuration`;
  return { program: new Program(process.execPath, args, join(logs, "identity.log"), health), file };
}

/** The date so many days from now, as a lender's file writes it. */
function day(from: number): string {
  return new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
}

/** `logs` is a folder for the two programs' logs; `built` the one with site/ and hash.txt. */
export async function startWorld(options: {
  lender: string;
  access?: string;
  dates?: Record<string, number>;
  database: Database;
  logs: string;
  built?: string;
  identity?: boolean;
  host?: string;
}): Promise<World> {
  mkdirSync(options.logs, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "kopeck-e2e-"));
  const database = await freshDatabase(options.database, folder);
  const [port, sandboxPort, mailPort] = [await freePort(), await freePort(), await freePort()];
  const url = `http://${options.host ?? "127.0.0.1"}:${port}`;
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;

  let lender = join(ROOT, "lenders", `${options.lender}.toml`);
  const own = Object.entries(options.dates ?? {});
  if (options.access || own.length > 0) {
    let text = readFileSync(lender, "utf8");
    if (options.access) text = text.replace(/\[access\]\n[^[]*/, `[access]\n${options.access}\n\n`);
    for (const [date, days] of own) {
      if (!text.includes(` = ${date}\n`)) throw new Error(`${options.lender}: no date is ${date}`);
      text = text.replaceAll(` = ${date}\n`, ` = ${day(days)}\n`);
    }
    lender = join(folder, "lender.toml");
    writeFileSync(lender, text);
  }
  const built = options.built || join(ROOT, "target");
  const keys = join(folder, "keys.toml");
  const { stdout } = await run(KOPECK, ["keys"]);
  writeFileSync(keys, stdout, { mode: 0o600 });
  await run(KOPECK, ["migrate", "--database", database.url]);

  const outside = new Program(
    join(PROGRAMS, "kopeck-sandbox"),
    [
      ...["--listen", `127.0.0.1:${sandboxPort}`],
      ...["--smtp", `127.0.0.1:${mailPort}`],
      ...["--webhook-url", `${url}/webhooks/yookassa`],
      // Tests should not wait for what only imitates a bank's pace.
      ...["--webhook-retry-ms", "200", "--payout-delay-ms", "200"],
    ],
    join(options.logs, "sandbox.log"),
    `${sandboxUrl}/health`,
  );
  const accounts = options.identity ? await identityProviders(folder, url, options.logs) : undefined;
  const server = new Program(
    KOPECK,
    [
      "serve",
      ...["--lender", lender],
      ...["--database", database.url],
      ...["--listen", `127.0.0.1:${port}`],
      ...["--public-url", url],
      ...["--clock", "sandbox", "--sandbox-url", sandboxUrl],
      ...["--site-root", join(built, "site")],
      ...["--hash-file", join(built, "hash.txt")],
      ...["--keys", keys],
      ...(accounts ? ["--identity-file", accounts.file] : []),
    ],
    join(options.logs, "server.log"),
    `${url}/health/ready`,
  );

  // A test may put another mail host in its place: a flag would stand above the environment.
  const mail = { KOPECK_SMTP_URL: `smtp://127.0.0.1:${mailPort}` };
  const world: World = {
    url,
    database: database.url,
    logs: options.logs,
    sandbox: new Sandbox(sandboxUrl),
    pid: () => server.pid,
    kill9: () => server.kill(),
    async restart(env) {
      await server.stop();
      await server.start({ ...mail, ...env });
    },
    async kopeck(...args) {
      const env = { ...process.env, KOPECK_KEYS: keys, KOPECK_LENDER: lender, KOPECK_SANDBOX_URL: sandboxUrl, KOPECK_CLOCK: "sandbox" };
      const done = await run(KOPECK, [...args, "--database", database.url], { env }).then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        (refused: { code: number; stdout: string; stderr: string }) => refused,
      );
      return { code: done.code, output: done.stdout + done.stderr };
    },
    async stop() {
      try {
        await server.stop();
      } finally {
        await outside.kill();
        await accounts?.program.kill();
        await database.drop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
  try {
    await outside.start();
    await accounts?.program.start();
    await server.start(mail);
  } catch (failure) {
    await world.stop();
    throw failure;
  }
  return world;
}

export type WorldOptions = {
  /** A file of lenders/, without its ending. */
  lender: string;
  /** Another section `[access]` of that file, without its heading. */
  access: string;
  /** Dates of that file, each moved to so many days from today: a promotion of the file ends some day, its test does not. */
  dates: Record<string, number>;
  database: Database;
  /** Whether Gosuslugi, T-ID and VK ID are there. */
  identity: boolean;
  /** How browsers call the server: passkeys need a name. */
  host: string;
  /** A folder with site/ and hash.txt in place of target/. */
  built: string;
  /** Console lines that a test expects; any other warning or error fails it. */
  expectedConsole: RegExp[];
};

type Fixtures = {
  world: World;
  /** Saves a full-page screenshot as artifacts/screens/<spec>/<project>/<name>.png. */
  shot: (page: Page, name: string) => Promise<void>;
};

/** Who asks for a page's styles before they have come, as a waiting test does, has the browser skip the soft step
 * between two pages, and the browser says so. */
const LOOKED_TOO_EARLY = /^InvalidStateError: Transition was aborted because of invalid state/;

export const test = base.extend<WorldOptions & Fixtures>({
  lender: ["demo", { option: true }],
  access: ["", { option: true }],
  dates: [{}, { option: true }],
  database: ["sqlite", { option: true }],
  identity: [false, { option: true }],
  host: ["127.0.0.1", { option: true }],
  built: ["", { option: true }],
  expectedConsole: [[], { option: true }],

  world: async ({ lender, access, dates, database, built, identity, host }, use, info) => {
    const logs = join(ARTIFACTS, "logs", info.project.name, info.testId);
    const world = await startWorld({ lender, access, dates, database, logs, built, identity, host });
    await use(world);
    if (info.status !== info.expectedStatus) {
      for (const name of ["server", "sandbox"]) {
        await info.attach(`${name}.log`, { path: join(logs, `${name}.log`), contentType: "text/plain" });
      }
    }
    await world.stop();
  },

  baseURL: async ({ world }, use) => use(world.url),

  context: async ({ context, expectedConsole }, use, info) => {
    const said: string[] = [];
    context.on("console", (line) => {
      if (line.type() === "error" || line.type() === "warning") said.push(line.text());
    });
    context.on("weberror", (failure) => said.push(String(failure.error())));
    await use(context);
    // A failed test has said enough.
    if (info.errors.length > 0) return;
    const known = [...expectedConsole, LOOKED_TOO_EARLY];
    const unexpected = said.filter((line) => !known.some((pattern) => pattern.test(line)));
    expect(unexpected, "the browser's console").toEqual([]);
  },

  shot: async ({}, use, info) => {
    const spec = info.titlePath[0]?.replace(/\.spec\.ts$/, "") ?? "";
    await use(async (page, name) => {
      const path = join(ARTIFACTS, "screens", spec, info.project.name, `${name}.png`);
      await page.screenshot({ path, fullPage: true, animations: "disabled" });
    });
  },
});
