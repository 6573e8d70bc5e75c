// Programs under measurement, each on a processor of its own.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as pause } from "node:timers/promises";

/** The server's processor and the load's: they must not take time from each other. */
export const [SERVER_CPU, LOAD_CPU] = availableParallelism() > 1 ? ["0", "1"] : ["0", "0"];

export type Running = { url: string; pid: number; stop(): Promise<void> };

export async function running(
  command: string[],
  options: { url: string; health: string; log: string; env?: Record<string, string>; cpu?: string },
): Promise<Running> {
  const [file = "", ...args] = options.cpu ? ["taskset", "-c", options.cpu, ...command] : command;
  const log = openSync(options.log, "a");
  const child = spawn(file, args, { stdio: ["ignore", log, log], env: { ...process.env, ...options.env } });
  closeSync(log);
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const gone = () => {
      over = true;
      resolve();
    };
    child.once("exit", gone);
    child.once("error", gone);
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const patience = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(patience);
  };
  const until = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(options.health).catch(() => undefined);
    if (answer?.ok) return { url: options.url, pid: child.pid ?? 0, stop };
    if (over || Date.now() > until) {
      await stop();
      throw new Error(`${command.join(" ")} did not start: see ${options.log}`);
    }
    await pause(50);
  }
}

/** Resident memory, KB. */
export function resident(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)?.[1]);
}

export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = NaN, high = NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** `key=1,2,3` of the environment. */
export const sized = (name: string, usual: number): number => Number(process.env[name] ?? usual);

/** How busy the machine is besides us; a report without it means nothing. */
export const load = (): string => readFileSync("/proc/loadavg", "utf8").split(" ").slice(0, 3).join(" ");
