// Those who work there, and those who bring clients: pages are found by following the first link of each kind.
import type { Browser } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client, liveLoan, person, registered, signIn } from "../support/http";
import { receipt } from "../support/picture";
import { enterAs } from "../support/session";
import { atWork, hired } from "../support/staff";
import type { World } from "../support/world";
import type { Album } from "./album";

/** The pages of an agent, with one client who has come. */
export async function agents(browser: Browser, world: World, album: Album): Promise<void> {
  const phone = "+79005550911";
  const marketing = await atWork(browser, world, await hired(world, "marina", "Марина", "marketing"));
  await marketing.goto("/staff/agents");
  await marketing.locator("#f-phone").fill(phone);
  await marketing.locator("#f-label").fill("Магазин на углу");
  await marketing.locator("#f-reason").fill("договор подписан 12 ноября");
  await marketing.locator("#grant button").click();
  await marketing.locator("#agent[data-status=invited]").waitFor();
  const agent = await signIn(world, phone);
  await album.take({ "38-agent-invited": "/agent" }, agent);
  await agent.done("agent/agree", { agree: "yes" });
  const [path = "/"] = (await agent.page("/agent")).match(/\/a\/\d{8}/) ?? [];
  const client = new Client(world.url);
  await client.get(path);
  await registered(world, 82, { client });
  await album.take(
    { "38-agent": "/agent", "38-agent-clients": "/agent/clients", "38-agent-statements": "/agent/statements", "38-agent-payouts": "/agent/payouts" },
    agent,
  );
  await marketing.context().close();
}

/** Every page of the workplace that this world's life has filled. */
export async function staff(browser: Browser, world: World, album: Album): Promise<void> {
  const { client } = await liveLoan(world, 81);
  await client.done("support/chat-say", { key: randomUUID(), text: "Когда придёт справка?" });
  const refused = await registered(world, 80);
  await world.sandbox.call("PUT", `/bureau/people/${refused.who.inn}`, { score: 300 });
  await refused.client.done("application/submit", { key: randomUUID() });
  // A paper that the specialist looks at: from the page where the profile asks for it.
  const papers = await (await browser.newContext({ baseURL: world.url })).newPage();
  await enterAs(papers, client);
  await papers.goto("/papers?kind=income");
  await papers.locator("#f-kind").selectOption("income");
  await papers.locator("#f-file").setInputFiles({ name: "справка.png", mimeType: "image/png", buffer: receipt() });
  await papers.locator("#upload button").click();
  await papers.locator("#papers li").first().waitFor();
  await papers.context().close();
  const elsewhere = new Client(world.url);
  const { who } = await liveLoan(world, 79);
  await elsewhere.done("request/phone", { old_phone: who.phone, phone: "+79005557701", passport: who.passport, birth_date: who.birthDate });
  await elsewhere.done("access/verify-code", { code: await world.sandbox.sms("79005557701") });

  const roles = ["underwriter", "support", "payments", "marketing", "auditor", "chief"];
  const page = await atWork(browser, world, await hired(world, "olga", "Ольга", ...roles));
  const source = readFileSync(resolve(__dirname, "../../app/src/staff/routes.rs"), "utf8");
  const patterns = [...source.matchAll(/page!\(\s*"([^"]+)"/g)].map(([, path = ""]) => path);
  const fixed = patterns.filter((path) => !path.includes("{") && !/enter|code|password/.test(path));
  const links = new Set<string>();
  const follow = async (path: string) => {
    await page.goto(path);
    const found = await page.locator("main a[href^='/staff/']").evaluateAll((all) => all.map((it) => (it as HTMLAnchorElement).pathname));
    for (const link of found) links.add(link);
  };
  for (const path of fixed) await follow(path);
  // People are looked for by a phone.
  await page.goto("/staff/people");
  await page.locator("#f-text, #f-query, main input[type=text], main input[type=search]").first().fill(person(81).phone);
  await page.locator("main form button[type=submit]").first().click();
  const people = await page.locator("main a[href^='/staff/people/']").evaluateAll((all) => all.map((it) => (it as HTMLAnchorElement).pathname));
  for (const link of people) links.add(link);
  const here = new URL(page.url()).pathname;
  if (here !== "/staff/people") links.add(here);
  const of = (pattern: string) => {
    const address = new RegExp(`^${pattern.replace(/\{\w+\}/g, "[^/]+")}$`);
    return [...links].find((link) => address.test(link) && !patterns.includes(link));
  };
  const named = (path: string) => `40${path.replace(/\{\w+\}/g, "one").replaceAll("/", "-")}`;
  const pages: Record<string, string> = Object.fromEntries(fixed.map((path) => [named(path), path]));
  for (let round = 0; round < 2; round += 1) {
    for (const pattern of patterns.filter((path) => path.includes("{"))) {
      const link = of(pattern);
      if (link === undefined || Object.values(pages).includes(link)) continue;
      pages[named(pattern)] = link;
      // What lies behind it: a person's loan.
      await follow(link);
    }
  }
  await album.take(pages, await page.context().cookies());
  await page.context().close();
}
