// What is wrong is said at its field, to those who listen as well: the description of a field that has the focus is its error.
import type { Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { answers, Client, liveLoan, person, signIn } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test, type World } from "../support/world";

// A refused form, and a day that is no day.
test.use({ expectedConsole: [/status of 422|does not conform to the required format/] });

/** Every field of the page that is wrong says its error as its description; answers their names. */
async function described(page: Page): Promise<string[]> {
  const wrong = page.locator("main [data-field][data-error]");
  await expect(wrong.first()).toBeVisible();
  const names: string[] = [];
  for (const field of await wrong.all()) {
    const text = (await field.locator(".error").innerText()).trim();
    expect(text).toMatch(/\S/);
    const control = field.locator("input:not([type=hidden], [type=range]), select, textarea").first();
    await expect(control).toHaveAccessibleDescription(new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\s/g, "\\s")));
    await expect(control).toHaveAccessibleName(/\S/);
    names.push((await field.getAttribute("data-field")) ?? "");
  }
  // The first of them is where the person is.
  const first = wrong.first().locator("input:not([type=hidden], [type=range]), select, textarea").first();
  await expect(first).toBeFocused();
  return names;
}

async function seen(page: Page, client: Client, path: string): Promise<string[]> {
  await page.context().clearCookies();
  await enterAs(page, client);
  await page.goto(path);
  return described(page);
}

test("lines, dates, lists, ticks and choices that came back wrong", async ({ page, world }) => {
  const who = person(1);
  const client = await signIn(world, who.phone);
  let next = await client.done("application/choose", { product: "short", amount: "20000", term: "21" });
  const asked = new Set<string>();
  for (const [step, fields] of Object.entries(answers(who))) {
    const wrong = Object.fromEntries(Object.keys(fields).map((name) => [name, ""]));
    const refused = /agreement|consents/.test(step) ? {} : wrong;
    await client.postForm(`profile/${step}`, refused, next);
    for (const name of await seen(page, client, next)) asked.add(name);
    next = await client.done(`profile/${step}`, fields);
  }
  // A tick, a line, a choice, a date, a list.
  for (const name of ["agreement_esign", "last_name", "sex", "passport_date", "region", "consent_bureau"]) {
    expect([...asked]).toContain(name);
  }
});

test("sums, days, ways and a few lines that came back wrong", async ({ page, world }) => {
  const { client, loan } = await liveLoan(world, 1);
  const here = `/loans/${loan}`;
  await client.postForm("payment/start", { loan, key: randomUUID(), what: "sum", amount: "много" }, `${here}/pay`);
  expect(await seen(page, client, `${here}/pay`)).toEqual(["amount"]);
  expect(await seen(page, client, `${here}/early?amount=x&on=x`)).toEqual(["on", "amount"]);
  await world.sandbox.advanceDays(3);
  expect(await seen(page, client, `${here}/prolong?days=900`)).toEqual(["days"]);
  await client.postForm("request/appeal", { kind: "complaint", text: "" }, "/appeals/new/complaint");
  expect(await seen(page, client, "/appeals/new/complaint")).toEqual(["cause", "text"]);
});

const typed = async (page: Page, world: World) => {
  await page.goto(`${world.url}/login`);
  const form = page.locator("form:has(#f-phone)");
  await expect(form).toHaveAttribute("data-live", "");
  await page.locator("#f-phone").fill("12345");
  await form.locator("button[type=submit]").click();
};

test("an error that comes in place is said as well, and goes when it is put right @scripts", async ({ page, world }) => {
  await typed(page, world);
  expect(await described(page)).toEqual(["phone"]);
  await expect(page.locator("#f-phone")).toHaveAttribute("aria-invalid", "true");
  await page.locator("#f-phone").fill(person(2).phone);
  await page.locator("form:has(#f-phone) button[type=submit]").click();
  await expect(page).toHaveURL(/\/login\/code/);
});
