// Starting, waiting for and ending the programs under test.
import { spawn, type ChildProcess } from "node:child_process";
import { openSync, closeSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

const taken = new Set<number>();

/** A port nobody listens on, below the range from which the system takes the ends of outgoing connections:
 * otherwise one of those may sit on it before the program does. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (!taken.has(port) && (await isFree(port))) {
      taken.add(port);
      return port;
    }
  }
}

function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

export class Program {
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  constructor(
    readonly file: string,
    readonly args: string[],
    readonly log: string,
    readonly health: string,
  ) {}

  get running(): boolean {
    return this.#child !== undefined;
  }

  /** Of the running process. */
  get pid(): number {
    if (this.#child?.pid === undefined) throw new Error(`${this.file} does not run`);
    return this.#child.pid;
  }

  /** Starts it and waits until its health address answers 200. `env` is added to a nearly empty one. */
  async start(env: Record<string, string> = {}): Promise<void> {
    if (this.running) throw new Error(`${this.file} is already running`);
    const log = openSync(this.log, "a");
    const child = spawn(this.file, this.args, {
      stdio: ["ignore", log, log],
      // Nothing of the tester's own environment changes what is tested.
      env: { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "/", RUST_BACKTRACE: "1", ...env },
    });
    closeSync(log);
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const gone = () => {
        this.#child = undefined;
        resolve();
      };
      child.once("exit", gone);
      child.once("error", gone);
    });
    await this.#healthy(30_000);
  }

  async #healthy(patience: number): Promise<void> {
    const until = Date.now() + patience;
    while (this.running && Date.now() < until) {
      const answer = await fetch(this.health, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
      if (answer?.ok) return;
      await pause(25);
    }
    const how = this.running ? `did not answer at ${this.health}` : "ended at once";
    await this.kill();
    throw new Error(`${this.file} ${how}: see ${this.log}`);
  }

  /** Asks it to stop and waits; a program that will not stop in ten seconds fails the test. */
  async stop(): Promise<void> {
    if (!this.#child) return;
    this.#child.kill("SIGTERM");
    const stopped = await Promise.race([this.#ended.then(() => true), pause(10_000, false, { ref: false })]);
    if (stopped) return;
    await this.kill();
    throw new Error(`${this.file} did not stop within ten seconds of SIGTERM: see ${this.log}`);
  }

  /** No warning, no last words: what a power cut or the OOM killer does. */
  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#ended;
  }
}
