// Five lenders from one program: what a visitor sees of each is recognisably that lender's, not a colour alone.
import { Client, text } from "../../support/http";
import { expect, startWorld, test, type World } from "../../support/world";
import { join, resolve } from "node:path";

const LENDERS = ["usoseda", "smsfinance", "creditplus", "metrocredit", "credit911"];

// Each of them starts a world for each lender itself.
test.use({ lender: "demo" });

/** What a visitor meets, by name; every one of them differs from lender to lender. */
async function met(world: World): Promise<Record<string, string>> {
  const client = new Client(world.url);
  const [landing, login, help] = [await client.page("/"), await client.page("/login"), await client.page("/help")];
  const inside = (html: string, pattern: RegExp) => text(html.match(pattern)?.[0] ?? "");
  const main = login.match(/<main.*<\/main>/s)?.[0] ?? "";
  const forms = [...main.matchAll(/<form[^>]*action="([^"]+)"/g)].map(([, action]) => action);
  const fields = [...main.matchAll(/<input[^>]*name="(\w+)"[^>]*>/g)]
    .filter(([tag]) => !tag.includes('type="hidden"'))
    .map(([, name]) => name);
  const buttons = [...main.matchAll(/<button[^>]*>(.*?)<\/button>/gs)].map(([, inner = ""]) => text(inner));
  const links = [...main.matchAll(/<a [^>]*href="([^"]+)"[^>]*>(.*?)<\/a>/gs)].map(([, href, inner = ""]) => `${href} ${text(inner)}`);
  return {
    title: inside(landing, /<title>.*?<\/title>/s) + inside(landing, /<h1[^>]*>.*?<\/h1>/s),
    lead: text(landing.match(/<main.*?<\/h1>(.*?)<\/p>/s)?.[1] ?? ""),
    logo: landing.match(/<a[^>]*class="[^"]*logo[^"]*".*?<\/a>/s)?.[0].replace(/nonce="[^"]*"/g, "") ?? "",
    entry: JSON.stringify({ forms, fields, buttons, links }),
    contacts: inside(help, /<main.*<\/main>/s),
    footer: inside(landing, /<footer.*<\/footer>/s),
    brand: (await client.get("/brand.css")).body,
    icon: (await client.get("/icon.svg")).body,
  };
}

test("five recognisably different cabinets: texts, mark and colours, the way in, contacts", async () => {
  test.setTimeout(240_000);
  const seen: Record<string, Record<string, string>> = {};
  for (const lender of LENDERS) {
    const logs = join(resolve(__dirname, "../../artifacts"), "logs", "brands", lender);
    const world = await startWorld({ lender, database: "sqlite", logs, identity: lender === "smsfinance" || lender === "credit911" });
    try {
      seen[lender] = await met(world);
    } finally {
      await world.stop();
    }
  }
  for (const what of Object.keys(seen.usoseda ?? {})) {
    const shown = LENDERS.map((lender) => seen[lender]?.[what] ?? "");
    for (const [n, value] of shown.entries()) expect(value.length, `${LENDERS[n]}: ${what}`).toBeGreaterThan(3);
    expect(new Set(shown).size, `${what}: ${shown.map((value) => value.slice(0, 80)).join(" | ")}`).toBe(LENDERS.length);
  }
  // The way in is what each of them says of itself.
  const entry = (lender: string) => seen[lender]?.entry ?? "";
  expect(entry("usoseda")).not.toMatch(/password/);
  expect(entry("creditplus")).toContain("Продолжить");
  expect(entry("creditplus")).not.toMatch(/password/);
  expect(entry("smsfinance")).toMatch(/phone.*password.*Госуслуги.*Т-Банк/s);
  expect(entry("smsfinance")).toContain("/password/forgot");
  expect(entry("metrocredit")).toContain("/password/forgot");
  expect(entry("credit911")).toMatch(/email.*password.*VK ID/s);
  const contacts = { usoseda: "8 800 000-00-02", smsfinance: "8 800 000-00-03", creditplus: "8 800 000-00-04", metrocredit: "(812) 458-09-80", credit911: "8 800 100-57-57" };
  for (const [lender, hotline] of Object.entries(contacts)) {
    const plain = (seen[lender]?.contacts ?? "").replace(/\u00a0|&nbsp;/g, " ");
    expect(plain, lender).toContain(hotline);
    for (const other of Object.values(contacts)) if (other !== hotline) expect(plain, lender).not.toContain(other);
  }
});
