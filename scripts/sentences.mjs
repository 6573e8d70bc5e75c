// Every sentence of end2end/tests/lenders/sentences.txt is the title of a test of its lender, or a part of one, and the title
// names its rows. Run by `scripts/test.sh scripts`.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../end2end/tests/lenders");
const plain = (text) => text.toLowerCase().replaceAll(/[«»"„“]/g, "").replaceAll(/\s+/g, " ").trim();

/** The single rows of a list such as "R14-17, R24". */
function rows(text) {
  const parts = [...text.matchAll(/R(\d+)(?:-(\d+))?/g)];
  return parts.flatMap(([, from, to = from]) => {
    const count = Number(to) - Number(from) + 1;
    return Array.from({ length: count }, (_, more) => Number(from) + more);
  });
}

/** The titles of a lender's tests, by file: `metrocredit.spec.ts`, `metrocredit-money.spec.ts`. */
function titles(lender) {
  const own = new RegExp(`^${lender}(-[a-z]+)*\\.spec\\.ts$`);
  const files = readdirSync(folder).filter((file) => own.test(file));
  return files.flatMap((file) => {
    const source = readFileSync(join(folder, file), "utf8");
    // A test that is skipped, or expected to fail, shows nothing.
    const found = source.matchAll(/^\s*test\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/gm);
    return [...found].map(([, , title]) => title.replaceAll(/\\(.)/g, "$1"));
  });
}

const wrong = [];
const waiting = [];
let lender = "";
let known = [];
let count = 0;
const lines = readFileSync(join(folder, "sentences.txt"), "utf8").split("\n");
for (const [index, line] of lines.entries()) {
  if (line.trim() === "" || line.startsWith("#")) continue;
  const section = line.match(/^\[([a-z0-9]+)\]$/)?.[1];
  if (section) {
    lender = section;
    known = titles(lender).map((title) => ({ text: plain(title), rows: new Set(rows(title)) }));
    continue;
  }
  const [, waits, own, sentence] = line.match(/^(~ )?(—|R[\dR, -]+) \| (.+)$/) ?? [];
  if (!sentence || !lender) {
    wrong.push(`line ${index + 1} is no "R1-2 | sentence" or "— | sentence" under a [lender]`);
    continue;
  }
  count += 1;
  const shows = ({ text, rows: its }) => text.includes(plain(sentence)) && rows(own).every((row) => its.has(row));
  const shown = known.some(shows);
  if (waits && shown) wrong.push(`line ${index + 1} has a test now: take its ~ away`);
  if (waits && !shown) waiting.push(`${lender}: ${sentence} (${own})`);
  if (!waits && !shown) wrong.push(`${lender}: no test is called "${sentence} (${own})"`);
}
for (const sentence of waiting) console.log(`no test yet: ${sentence}`);
for (const problem of wrong) console.error(`sentences.txt: ${problem}`);
console.log(`${count} sentences of lenders, ${count - waiting.length - wrong.length} are tests`);
process.exit(wrong.length === 0 && count > 0 ? 0 : 1);
