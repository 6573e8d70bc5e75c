// `kopeck check`, the program: whole files pass, a wrong one is answered by its line, key, value and what to write instead.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, KOPECK, test } from "../../support/world";

const LENDERS = resolve(__dirname, "../../../lenders");
const PRESETS = ["usoseda", "smsfinance", "creditplus", "metrocredit", "credit911", "demo"];

type Done = { code: number; out: string; said: string };

function check(...args: string[]): Promise<Done> {
  return new Promise((done) => {
    execFile(KOPECK, ["check", ...args], { env: { PATH: process.env.PATH ?? "" } }, (error, out, said) => {
      done({ code: typeof error?.code === "number" ? error.code : 0, out, said });
    });
  });
}

/** A preset with one thing written otherwise; answers its path and the line it stands on. */
function changed(preset: string, from: string, to: string): { path: string; line: number } {
  const text = readFileSync(join(LENDERS, `${preset}.toml`), "utf8");
  expect(text, `${preset} has ${from}`).toContain(from);
  const path = join(mkdtempSync(join(tmpdir(), "kopeck-check-")), "wrong.toml");
  const written = text.replace(from, to);
  writeFileSync(path, written);
  const last = to.split("\n").length - 1;
  return { path, line: text.slice(0, text.indexOf(from)).split("\n").length + last };
}

test("every preset is whole, each by itself and all at once", async () => {
  const files = PRESETS.map((name) => join(LENDERS, `${name}.toml`));
  expect(readdirSync(LENDERS).filter((file) => file.endsWith(".toml"))).toHaveLength(PRESETS.length);
  for (const file of files) expect(await check(file), file).toMatchObject({ code: 0, said: "" });
  const { code, out } = await check(...files);
  expect(code).toBe(0);
  expect(out.trim().split("\n")).toHaveLength(PRESETS.length);
  expect(out).toContain("products: short, long");
});

// What contradicts itself or the law: the file | what is written otherwise | the key, the value, what to write instead.
const WRONG: [string, string, string, string, string, RegExp][] = [
  ["demo", "[access]", "[access]\nmehtod = \"sms\"", "access.mehtod", "", /method/],
  ["creditplus", 'method = "phone_code"', 'method = "phone_code"\npassword_from = "registration"', "access.password_from", '"registration"', /without it/],
  ["metrocredit", "password_twice = true", 'password_twice = "yes"', "access.password_twice", '"yes"', /true or false|true/],
  ["usoseda", 'daily_rate = "0.7"', 'daily_rate = "0.8"', "products.short", "", /rate|fee/],
  ["creditplus", "max_days = 20", "max_days = 46", "products.short.promo.max_days", "46", /45/],
  ["smsfinance", 'daily_rate = "0.5"', 'daily_rate = "0.79"', "products.monthly", "0.79", /0[.,]784|rate/],
  ["metrocredit", "per_year = 5", "per_year = 0", "products.short.prolongation", "0", /./],
  ["credit911", 'hotline = "8 800 100-57-57"', "hotline = 8800", "hotline", "8800", /quotes|text|string/],
];

test("a wrong file is named with its line, key, value and remedy, and the program ends with 2", async () => {
  for (const [preset, from, to, key, value, remedy] of WRONG) {
    const { path, line } = changed(preset, from, to);
    const { code, out, said } = await check(path);
    expect(code, said).toBe(2);
    expect(out).toBe("");
    expect(said).toContain("can't be a lender");
    // `file:line: key = value: what is wrong; what to write instead`.
    const told = said.split("\n").filter((row) => row.startsWith(`${path}:`));
    const row = told.find((one) => one.includes(key)) ?? said;
    expect(row, said).toContain(`${path}:`);
    expect(row).toContain(key);
    expect(row).toContain(value);
    expect(row).toMatch(/: .+; .+/);
    expect(row).toMatch(remedy);
    const [, at = "0"] = row.slice(path.length).match(/^:(\d+):/) ?? [];
    expect(Math.abs(Number(at) - line), `${row} (line ${line})`).toBeLessThanOrEqual(8);
  }
});

test("everything that is wrong is told at once, for every file, and a file that is no file is told too", async () => {
  const { path } = changed("demo", "[access]", '[access]\nno_such_key = 1\nanother_one = "x"');
  const whole = join(LENDERS, "usoseda.toml");
  const { code, said } = await check(path, whole, "/nowhere/lender.toml");
  expect(code).toBe(2);
  expect(said).toContain("no_such_key");
  expect(said).toContain("another_one");
  expect(said).toContain("/nowhere/lender.toml");
  expect(said).not.toContain(whole);
  const broken = join(mkdtempSync(join(tmpdir(), "kopeck-check-")), "broken.toml");
  writeFileSync(broken, 'code = "demo\nname = ');
  expect(await check(broken)).toMatchObject({ code: 2, said: expect.stringContaining(`${broken}:1`) });
  // Nothing to check is a mistake of the command, not a silent yes.
  expect((await check()).code).toBe(2);
});
