// What a first visit to a page downloads: HTML, CSS, JS, WASM and the fonts its text needs, each as brotli at
// quality 11 (fonts as they are: WOFF2 is brotli inside). Prints a table; fails past the budget.
//
//   node size.mjs URL BUDGET_KB
import { brotliCompressSync, constants } from "node:zlib";

const [page, budgetKb] = process.argv.slice(2);
const files = new Map(); // address -> { kind, raw, sent }

async function fetched(url) {
  const answer = await fetch(url, { headers: { "accept-encoding": "identity" } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

async function count(url, kind) {
  const key = url.href;
  if (files.has(key)) return undefined;
  const body = await fetched(url);
  const sent = kind === "font"
    ? body.length
    : brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  files.set(key, { kind, raw: body.length, sent });
  return body.toString("utf8");
}

const all = (text, pattern) => [...text.matchAll(pattern)];
const attribute = (tag, name) => tag.match(new RegExp(`\\s${name}\\s*=\\s*["']?([^"'\\s>]*)`, "i"))?.[1];

// "U+0400-045F, U+04??" -> whether any of the page's characters falls inside; no range means every text.
function neededBy(text, range) {
  if (!range) return true;
  const spans = range.split(",").map((part) => {
    const [from, to] = part.trim().replace(/^u\+/i, "").split("-");
    return [parseInt(from.replaceAll("?", "0"), 16), parseInt((to ?? from).replaceAll("?", "F"), 16)];
  });
  return [...new Set(text)].some((char) =>
    spans.some(([from, to]) => char.codePointAt(0) >= from && char.codePointAt(0) <= to));
}

async function style(url, text) {
  const css = await count(url, "CSS");
  if (css === undefined) return;
  for (const [, target] of all(css, /@import\s+(?:url\()?["']?([^"')\s;]+)/g)) {
    await style(new URL(target, url), text);
  }
  for (const [, face] of all(css, /@font-face\s*{([^}]*)}/g)) {
    const range = face.match(/unicode-range\s*:\s*([^;}]+)/i)?.[1];
    const source = face.match(/url\(["']?([^"')]+\.woff2[^"')]*)/i)?.[1];
    if (source && neededBy(text, range)) await count(new URL(source, url), "font");
  }
}

async function script(url) {
  const js = await count(url, "JS");
  if (js === undefined) return;
  for (const [, target] of all(js, /(?:import|from)\s*["'](\.{0,2}\/[^"']+\.js)["']/g)) {
    await script(new URL(target, url));
  }
}

const home = new URL(page);
const html = await count(home, "HTML");
const text = html.replace(/<(script|style)[\s\S]*?<\/\1>/g, "").replace(/<[^>]*>/g, " ");

for (const [tag] of all(html, /<(?:link|script)\b[^>]*>/gi)) {
  const address = attribute(tag, "href") ?? attribute(tag, "src");
  if (!address) continue;
  const url = new URL(address.replaceAll("&amp;", "&"), home);
  const rel = attribute(tag, "rel") ?? "";
  if (rel === "stylesheet") await style(url, text);
  else if (/\.wasm$/.test(url.pathname)) await count(url, "WASM");
  else if (/\.woff2$/.test(url.pathname)) await count(url, "font");
  else if (/\.js$/.test(url.pathname)) await script(url);
}
// The hydration script names its files in its own text.
for (const [, source] of all(html, /<script[^>]*>([\s\S]*?)<\/script>/gi)) {
  for (const [, target] of all(source, /["']([^"'\s]+\.js)["']/g)) await script(new URL(target, home));
  for (const [, target] of all(source, /["']([^"'\s]+\.wasm)["']/g)) await count(new URL(target, home), "WASM");
}

const kb = (bytes) => (bytes / 1000).toFixed(1).padStart(8);
const row = (kind, raw, sent, name) => console.log(`${kind.padEnd(6)}${kb(raw)}${kb(sent)}  ${name}`);
console.log("            raw    sent  (KB)");
const sum = { raw: 0, sent: 0 };
for (const [address, { kind, raw, sent }] of [...files].sort((a, b) => b[1].sent - a[1].sent)) {
  row(kind, raw, sent, new URL(address).pathname);
  sum.raw += raw;
  sum.sent += sent;
}
row("all", sum.raw, sum.sent, `of ${budgetKb} KB`);

const kinds = new Set([...files.values()].map((file) => file.kind));
const absent = ["HTML", "CSS", "JS", "WASM", "font"].filter((kind) => !kinds.has(kind));
if (absent.length > 0) {
  console.error(`The page names no ${absent.join(", no ")}: the count would be too good to be true.`);
  process.exit(1);
}
if (sum.sent > budgetKb * 1000) {
  console.error(`Over the budget by ${((sum.sent - budgetKb * 1000) / 1000).toFixed(1)} KB.`);
  process.exit(1);
}
