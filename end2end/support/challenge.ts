// What a browser computes when a form asks whether it is a robot's.
import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import type { Client } from "./http";

/** A number whose hash with the token's end begins with enough zeros. */
export function solve(token: string, bits: number): string {
  const most = 2 ** (32 - bits);
  for (let number = 0; ; number += 1) {
    const hash = createHash("sha256").update(`${token.slice(-32)}.${number}`).digest();
    if (hash.readUInt32BE(0) < most) return String(number);
  }
}

/** The fields that the form of a page needs besides; nothing when it asks for none. */
export async function answered(client: Client, page: string): Promise<Record<string, string>> {
  const html = await client.page(page);
  const [, token, bits] = html.match(/data-work="([^"]+)" data-bits="(\d+)"/) ?? [];
  if (token === undefined) return {};
  return { challenge: token, proof: solve(token, Number(bits)) };
}


/** The answer to the question in words that stands beside a picture. */
export async function inWords(page: Page): Promise<string> {
  const numbers = ["один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять"];
  const question = (await page.locator("#f-answer-hint").textContent()) ?? "";
  return String(question.split(/[ ?]/).reduce((all, word) => all + numbers.indexOf(word) + 1, 0));
}
