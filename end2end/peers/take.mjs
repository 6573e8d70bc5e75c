// Takes the landing of a running cabinet apart for the peers: markup, texts, styles, fonts.
//
//   node take.mjs URL
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const SVELTE = join(HERE, "sveltekit");
const ASKAMA = join(HERE, "askama");

export async function landing(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}

const unescaped = (text) =>
  text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#x27;/g, "'").replace(/&amp;/g, "&");

/** The island's data, line by line: the order is that of app/src/application/packed.rs. */
function data(html) {
  const [, props] = html.match(/data-props="([^"]*)"/) ?? [];
  if (props === undefined) throw new Error("The landing has no calculator");
  const lines = JSON.parse(unescaped(props)).packed.split("\n");
  const text = () => lines.shift();
  const number = () => Number(text());
  const flag = () => text() === "1";
  const list = (length, read) => Array.from({ length }, read);
  const maybe = (read) => (flag() ? read() : undefined);
  const plural = () => ({ forms: list(3, text), slavic: flag() });
  const KINDS = ["bullet", "every_n_days", "monthly", "special"];
  const product = () => ({
    code: text(),
    kind: KINDS[number()],
    days: number(),
    minAmount: number(),
    maxAmount: number(),
    amountStep: number(),
    minTerm: number(),
    maxTerm: number(),
    dailyRate: number(),
    annualRate: maybe(number),
    specialPrice: maybe(() => ({ fixed: flag(), value: number() })),
    promo: maybe(() => ({ dailyRate: number(), maxAmount: number(), maxDays: number(), firstLoanOnly: flag(), lasting: flag() })),
    penaltyRate: number(),
    shiftDaysOff: flag(),
  });
  const named = (names) => Object.fromEntries(names.split(" ").map((name) => [name, text()]));
  const offer = () => ({
    product: product(),
    ...named("title amountNote termNote"),
    ends: list(4, text),
    steps: list(4, text),
    promo: maybe(() => named("granted amount term set href")),
  });
  const taken = {
    offers: list(number(), offer),
    start: number(),
    firstLoan: flag(),
    offer: number(),
    amount: number(),
    term: number(),
    moved: [flag(), flag()],
    words: {
      ...named("kind amount days_label payments_label"),
      days: plural(),
      payments: plural(),
      ...named("count date"),
      weekdays: list(number(), text),
      months: list(number(), text),
      ...named(
        "due due_parts on_card each overpayment overpayment_days services services_none rate rate_day rate_year rate_fixed",
      ),
      ...named("psk psk_year psk_roubles apply earlier cap refused"),
    },
  };
  if (lines.join("") !== "") throw new Error("The calculator's data have another order now: see packed.rs");
  return taken;
}

/** Without what only our own scripts need. */
const plain = (html) =>
  html
    .replace(/<!--.*?-->|<!>/gs, "")
    .replace(/<script\b.*?<\/script>/gs, "")
    .replace(/<\/?leptos-(?:island|children)[^>]*>/g, "");

export async function take(url) {
  const html = await landing(url);
  const taken = data(html);
  const page = plain(html);
  const [form] = page.match(/<form[^>]*id="calculator".*?<\/form>/s) ?? [];
  const [, body] = page.match(/<body[^>]*>(.*)<\/body>/s) ?? [];
  const [, title] = page.match(/<title>(.*?)<\/title>/) ?? [];
  const [, description] = page.match(/<meta name="description" content="([^"]*)"/) ?? [];
  if (!form || !body || !title || !description) throw new Error("The landing has another shape now");

  const sheets = [...page.matchAll(/<link rel="stylesheet" href="([^"]+)"/g)];
  const css = (await Promise.all(sheets.map(([, href]) => landing(new URL(href, url))))).join("\n");
  const fonts = join(HERE, "../../public/fonts");

  for (const folder of ["src/lib", "src/routes", "static/fonts"]) mkdirSync(join(SVELTE, folder), { recursive: true });
  const svelte = body.replaceAll("{", "&#123;").replaceAll("}", "&#125;");
  writeFileSync(
    join(SVELTE, "src/lib/Taken.svelte"),
    `<script>\n  import Calculator from "./Calculator.svelte";\n  let { data } = $props();\n</script>\n\n` +
      `<svelte:head><title>${title}</title><meta name="description" content="${description}" /></svelte:head>\n` +
      svelte.replace(form.replaceAll("{", "&#123;").replaceAll("}", "&#125;"), "<Calculator {data} />"),
  );
  writeFileSync(join(SVELTE, "src/lib/taken.json"), JSON.stringify(taken, undefined, 1));
  writeFileSync(join(SVELTE, "src/lib/taken.css"), css);
  cpSync(join(HERE, "calculator.js"), join(SVELTE, "src/lib/taken-calculator.js"));
  cpSync(fonts, join(SVELTE, "static/fonts"), { recursive: true });

  mkdirSync(join(ASKAMA, "taken/site/fonts"), { recursive: true });
  const head =
    `<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<meta name="color-scheme" content="light dark"><link rel="preload" href="/fonts/golos-text-cyrillic-wght-normal.woff2" as="font" type="font/woff2" crossorigin="anonymous">` +
    `<link rel="stylesheet" href="/site.css"><title>${title}</title><meta name="description" content="${description}">` +
    `<script type="module" src="/page.js"></script></head><body>`;
  writeFileSync(
    join(ASKAMA, "taken/landing.html"),
    `${head}${body.replace(form, '{% include "calculator.html" %}')}</body></html>`,
  );
  writeFileSync(join(ASKAMA, "taken/data.json"), JSON.stringify(taken, undefined, 1));
  writeFileSync(join(ASKAMA, "taken/site/site.css"), css);
  cpSync(join(HERE, "calculator.js"), join(ASKAMA, "taken/site/calculator.js"));
  cpSync(join(ASKAMA, "page.js"), join(ASKAMA, "taken/site/page.js"));
  cpSync(fonts, join(ASKAMA, "taken/site/fonts"), { recursive: true });
  return taken;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await take(process.argv[2]);
