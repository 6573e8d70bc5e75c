// The lender's staff: hired at the console, coming in by a password and an authenticator's code, as people do.
import { createHmac } from "node:crypto";
import { expect, type Browser, type Page } from "@playwright/test";
import { violationsInBothThemes } from "./axe";
import { expectFits } from "./fits";
import type { World } from "./world";

export type Colleague = { login: string; password: string; link: string };

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(text: string): Buffer {
  const bits = [...text.replace(/[= ]/g, "")].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** The six digits of RFC 6238 at a moment, from the link that the QR code holds. */
export function totp(link: string, at = Date.now()): string {
  const secret = base32(new URL(link).searchParams.get("secret") ?? "");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", secret).update(counter).digest();
  const from = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Somebody new with these roles. */
export async function hired(world: World, login: string, name: string, ...roles: string[]): Promise<Colleague> {
  const args = roles.flatMap((role) => ["--role", role]);
  const { code, output } = await world.kopeck("staff", "add", login, "--name", name, ...args);
  const line = (word: string) => output.match(new RegExp(`^${word}: (.*)$`, "m"))?.[1] ?? "";
  if (code !== 0) throw new Error(output);
  return { login: line("login"), password: line("password"), link: line("authenticator") };
}

/** A window of their own, at the first page: the first sign-in, with the app connected and the password replaced. */
export async function atWork(browser: Browser, world: World, who: Colleague, options = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: world.url, ...options });
  const page = await context.newPage();
  await page.goto("/staff");
  await expect(page).toHaveURL(/\/staff\/enter$/);
  await page.locator("#f-login").fill(who.login);
  await page.locator("#f-password").fill(who.password);
  await page.locator("#enter").click();
  await expect(page.locator(".qr-code")).toBeVisible();
  await expect(page.locator("#secret")).toHaveAttribute("data-link", who.link);
  await page.locator("#f-code").fill(totp(who.link));
  await page.locator("#enter").click();
  await expect(page).toHaveURL(/\/staff\/password$/);
  await page.locator("#f-current").fill(who.password);
  await page.locator("#f-password").fill("восемь сосен у реки");
  await page.locator("#change").click();
  await expect(page).toHaveURL(/\/staff$/);
  await expect(page.locator("#queues")).toBeVisible();
  return page;
}

/** Opens the first row of a queue by its keys, which listen once the page's script has run: after the page is read. */
export async function openedByKeys(page: Page): Promise<void> {
  await page.waitForLoadState("domcontentloaded");
  await page.keyboard.press("j");
  await expect(page.locator("[data-queue] a[data-open]").first()).toBeFocused();
  await page.keyboard.press("Enter");
}

/** Narrow and wide, in both themes for axe; what is wrong with it. */
export async function looked(page: Page, shot: (page: Page, name: string) => Promise<void>, name: string): Promise<string[]> {
  await page.setViewportSize({ width: 360, height: 780 });
  await expectFits(page);
  await shot(page, `${name}-360`);
  const found = await violationsInBothThemes(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  await expectFits(page);
  await shot(page, `${name}-1280`);
  return found;
}
