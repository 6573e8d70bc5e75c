// What was measured, as tables on the terminal and as end2end/artifacts/bench/<name>.json.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { load } from "./programs";

const FOLDER = join(__dirname, "../artifacts/bench");

export type Row = Record<string, number | string>;

export function report(name: string, rows: Row[], raw?: unknown): void {
  mkdirSync(FOLDER, { recursive: true });
  const machine = { date: new Date().toISOString(), processors: cpus().length, model: cpus()[0]?.model, load: load() };
  writeFileSync(join(FOLDER, `${name}.json`), JSON.stringify({ machine, rows, raw }, undefined, 1));
  console.log(`\n${name} (load ${machine.load})`);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const printed = rows.map((row) => columns.map((column) => cell(row[column])));
  const widths = columns.map((column, index) => Math.max(column.length, ...printed.map((row) => row[index]?.length ?? 0)));
  for (const row of [columns, ...printed]) {
    console.log(`  ${row.map((text, index) => (index === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[index] ?? 0))).join("  ")}`);
  }
}

const cell = (value: number | string | undefined): string =>
  typeof value === "number" ? String(Math.round(value * 1000) / 1000) : (value ?? "");
