// Accounts elsewhere, against real OpenID providers: a gateway to Gosuslugi, T-ID and VK ID.
import type { Page } from "@playwright/test";
import { troubles } from "../support/axe";
import { person } from "../support/borrower";
import { Client, registered } from "../support/http";
import { atProvider, pressProvider } from "../support/identity";
import { asked } from "../support/strangers";
import { expect, test, type World } from "../support/world";

test.use({ identity: true, expectedConsole: [/status of 4(03|22|29)/] });

const send = async (page: Page, field: string, js: boolean) => {
  const form = page.locator(`form:has(#f-${field})`);
  if (js) await expect(form).toHaveAttribute("data-live", "");
  await form.locator("button[type=submit]").click();
};

const code = async (page: Page, world: World, phone: string, js: boolean) => {
  await expect(page).toHaveURL(/\/login\/code/);
  await page.locator("#f-code").fill(await world.sandbox.sms(phone.replace(/\D/g, "")));
  await send(page, "code", js);
};

test("a verified account registers, fills the questionnaire, signs in by one press and is unlinked", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  const who = person(1);
  await page.goto("/login");
  await shot(page, "sign-in");
  expect(await troubles(page)).toEqual([]);
  await pressProvider(page, "Госуслуги", js);
  await atProvider(page, "verified-0001");
  await expect(page).toHaveURL(/\/identity\/phone$/);
  await expect(page.locator("#claimed")).toContainText("Тестова Анна Петровна");
  await expect(page.locator("#claimed")).toContainText("•••• ••0001");
  await expect(page.locator("#f-phone")).toHaveValue(who.phone);
  await expect(page.locator("#f-consent")).not.toBeChecked();
  await send(page, "phone", js);
  await expect(page.locator("#f-consent-error")).toBeVisible();
  await shot(page, "phone");
  expect(await troubles(page)).toEqual([]);
  await page.locator("#f-consent").check();
  await send(page, "phone", js);
  await code(page, world, who.phone, js);
  await expect(page).not.toHaveURL(/\/login|\/identity|\/password/);

  await test.step("nobody types a thing twice", async () => {
    await page.goto("/?product=short&amount=10000&term=20");
    await page.locator("#apply").click();
    await page.locator("main button.wide[type=submit]").click();
    await page.locator("#f-agreement_esign").check();
    await send(page, "agreement_esign", js);
    await expect(page).toHaveURL(/\/apply\/person/);
    await expect(page.locator("#claimed")).toContainText("Госуслуги");
    await expect(page.locator("#f-last_name")).toHaveValue("Тестова");
    await expect(page.locator("#f-birth_date")).toHaveValue("12.05.1990");
    await expect(page.locator("#f-last_name-hint")).toContainText("Передано: Госуслуги");
    await expect(page.locator("#f-sex-female")).toBeChecked();
    await shot(page, "filled");
    await send(page, "last_name", js);
    await expect(page).toHaveURL(/\/apply\/passport/);
    await expect(page.locator("#f-passport")).toHaveValue("4510 230001");
    await expect(page.locator("#f-passport_code")).toHaveValue("770-001");
    await expect(page.locator("#f-inn")).toHaveValue("");
  });

  await test.step("on a known device one press is enough", async () => {
    await page.locator("#sign-out").click();
    await expect(page.locator("#sign-in")).toBeVisible();
    await page.goto("/login?next=/security");
    await pressProvider(page, "Госуслуги", js);
    await expect(page).toHaveURL(/\d\/security$/);
  });

  await test.step("what is linked is listed, linked and unlinked", async () => {
    await expect(page.locator("#accounts [data-linked]")).toHaveText(/Госуслуги.*Анна Т\./);
    await pressProvider(page, "Привязать T-ID", js);
    await atProvider(page, "verified-0001");
    await expect(page).toHaveURL(/\d\/security$/);
    await expect(page.locator("#accounts [data-linked]")).toHaveCount(2);
    await shot(page, "security");
    expect(await troubles(page)).toEqual([]);
    await pressProvider(page, "Удалить: Госуслуги", js);
    await expect(page.locator("#accounts [data-linked]")).toHaveCount(1);
    await world.sandbox.next(who.phone.replace(/\D/g, ""), /вход через Госуслуги отвязан/);
  });
});

test("an unverified account is told what to do, and one that refuses to answer comes to no harm", async ({
  page,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  await page.goto("/login");
  await pressProvider(page, "Госуслуги", js);
  await atProvider(page, "unverified-0002");
  await expect(page.locator("h1")).toHaveText("Учётная запись не подтверждена");
  await expect(page.locator("main")).toContainText("в ближайшем МФЦ с паспортом");
  await shot(page, "unverified");
  expect(await troubles(page)).toEqual([]);
  // The answer belongs to one journey: the same address opens nothing.
  await page.goto("/identity/gosuslugi/return?state=1&code=2");
  await expect(page.locator("main")).toContainText("устарела или начата в другом браузере");
  expect(await troubles(page)).toEqual([]);
  await page.goto("/login");
  await pressProvider(page, "T-ID", js);
  await page.getByRole("link", { name: /cancel/i }).click();
  await expect(page.locator("main")).toContainText("Доступ к данным не дан");
  expect(await troubles(page)).toEqual([]);
});

test("an account whose phone has a cabinet opens it only after its owner's own proof", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  const { who } = await registered(world, 3);
  await world.sandbox.advanceSeconds(61);
  await page.goto("/login");
  await pressProvider(page, "VK ID", js);
  await atProvider(page, "70003");
  await expect(page.locator("#f-phone")).toHaveValue(who.phone);
  await page.locator("#f-consent").check();
  await send(page, "phone", js);
  await code(page, world, who.phone, js);
  await expect(page).toHaveURL(/\/proof\?next=\/identity\/link/);
  await page.goto("/security");
  await expect(page).toHaveURL(/\/proof/);
  await page.goto("/identity/link");
  await page.locator("#f-tail").fill(who.passport.slice(-4));
  await send(page, "tail", js);
  await expect(page.locator("h1")).toHaveText("Входить через VK ID?");
  await shot(page, "link");
  expect(await troubles(page)).toEqual([]);
  await pressProvider(page, "Привязать", js);
  await expect(page).toHaveURL(/\/cabinet$|\/application$/);
  await page.goto("/security");
  await expect(page.locator("#accounts [data-linked]")).toContainText("VK ID");
});

test("a number beside an account is answered by the same bytes, whether it has a cabinet or not", async ({
  page,
  world,
  javaScriptEnabled,
}) => {
  const { who } = await registered(world, 5);
  await world.sandbox.advanceSeconds(3_601);
  const of = async (login: string, phone: string) => {
    await page.context().clearCookies();
    await page.goto("/login");
    await pressProvider(page, "VK ID", javaScriptEnabled ?? true);
    await atProvider(page, login);
    await expect(page.locator("#claimed")).toBeVisible();
    const stranger = new Client(world.url);
    stranger.cookie = (await page.context().cookies()).find(({ name }) => name === "__Host-session")?.value;
    return asked(stranger, "access/identity-phone", { phone, consent: "yes" });
  };
  const known = await of("70021", who.phone);
  expect(known.answer.status).toBe(200);
  expect(known.page).toContain("code");
  // As many digits and signs, nobody's.
  expect(await of("70022", "+7 900 765-03-01")).toEqual(known);
});
