// Registering, passwords, accounts elsewhere: a world whose people make up passwords, with providers beside it.
import type { Browser } from "@playwright/test";
import { resolve } from "node:path";
import { Client, person, registered } from "../support/http";
import { atProvider, pressProvider } from "../support/identity";
import { startWorld } from "../support/world";
import { Album } from "./album";

export async function waysIn(browser: Browser, brands: string[]): Promise<void> {
  const access =
    'method = "phone_password"\npassword_from = "registration"\npassword_twice = true\nrestore = ["sms", "email"]\nchallenge = "picture"';
  const logs = resolve(__dirname, "../artifacts/logs/gallery-ways-in");
  const world = await startWorld({ lender: "demo", database: "sqlite", logs, access, identity: true });
  try {
    const album = new Album(browser, world.url, brands);
    const who = person(1);
    await album.take({
      "18-register": "/register",
      "18-register-in-use": "/register/in-use",
      "18-register-exists": "/register/exists",
      "18-password-no-cabinet": "/password/no-cabinet",
      "18-password-forgot": "/password/forgot",
      "18-password-sent": "/password/sent",
      "18-password-link-stale": "/password/link?token=x",
      "18-login-password": "/login",
      "18-identity-late": ["/identity/gosuslugi/return?state=1&code=2", "/identity/stopped"],
    });
    const account = { phone: who.phone, email: who.email, password: "восемь сосен", repeat: "восемь сосен", consent: "yes" };
    const client = new Client(world.url);
    await client.postForm("access/register", { ...account, password: "йцукенгш", consent: "" }, "/register");
    await album.take({ "18-register-wrong": "/register" }, client);
    await client.done("access/register", account);
    await client.done("access/verify-code", { code: await world.sandbox.sms(who.phone.replace(/\D/g, "")) });
    const letter = await world.sandbox.next(who.email, /подтвердить этот адрес/, 10_000, "email");
    await client.done("access/confirm-email", { token: letter.text.match(/token=(\S+)/)?.[1] ?? "" });
    await album.take({ "18-email-confirmed": "/email/confirmed", "25-security-password": "/security" }, client);
    await accounts(browser, world, album);
  } finally {
    await world.stop();
  }
}

/** The pages between a provider's and ours. */
async function accounts(browser: Browser, world: Awaited<ReturnType<typeof startWorld>>, album: Album): Promise<void> {
  const at = async (provider: string, login: string) => {
    const context = await browser.newContext({ baseURL: world.url, viewport: { width: 360, height: 780 } });
    const page = await context.newPage();
    await page.goto("/login");
    await pressProvider(page, provider, true);
    await atProvider(page, login);
    await page.waitForURL(/\/identity\//);
    return { context, page, path: new URL(page.url()).pathname };
  };
  const verified = await at("Госуслуги", "verified-0001");
  await album.take({ "18-identity-phone": verified.path }, await verified.context.cookies());
  await verified.context.close();
  const unverified = await at("Госуслуги", "unverified-0002");
  await album.take({ "18-identity-stopped": unverified.path }, await unverified.context.cookies());
  await unverified.context.close();

  const { who } = await registered(world, 3);
  await world.sandbox.advanceSeconds(61);
  const known = await at("VK ID", "70003");
  const { page, context } = known;
  const send = async (field: string) => {
    const form = page.locator(`form:has(#f-${field})`);
    await form.and(page.locator("[data-live]")).waitFor();
    await form.locator("button[type=submit]").click();
  };
  await page.locator("#f-consent").check();
  await send("phone");
  await page.waitForURL(/\/login\/code/);
  await page.locator("#f-code").fill(await world.sandbox.sms(who.phone.replace(/\D/g, "")));
  await send("code");
  await page.waitForURL(/\/proof/);
  // Whoever has a password is asked for it first.
  await page.locator("a[href*='by=passport']").click();
  await page.locator("#f-tail").fill(who.passport.slice(-4));
  await send("tail");
  // And makes up another, since the passport stood in for it.
  await page.waitForURL((url) => url.pathname === "/password/new");
  await album.take({ "25-password-new": "/password/new" }, await context.cookies());
  for (const field of ["password", "repeat"]) await page.locator(`#f-${field}`).fill("девять сосен");
  await send("password");
  await page.waitForURL((url) => url.pathname === "/identity/link");
  await album.take({ "18-identity-link": "/identity/link" }, await context.cookies());
  await context.close();
}
