// A borrower and a specialist talk: without a new page where scripts run, by plain forms where they do not.
import type { Page } from "@playwright/test";
import { randomUUID } from "node:crypto";
import { Client, liveLoan, person, signIn } from "../../support/http";
import { enterAs } from "../../support/session";
import { atWork, hired, looked, openedByKeys } from "../../support/staff";
import { expect, test } from "../../support/world";

// Every page is looked at by axe in two themes.
test.setTimeout(300_000);

const texts = (page: Page) => page.locator("#lines .said:not(.happened) p").allTextContents();

/** Writes a line as whoever sits at the page would. */
async function say(page: Page, form: "#say" | "#answer", text: string): Promise<void> {
  await page.locator(`${form} textarea`).fill(text);
  await page.locator(`${form} button`).click();
}

test("a borrower and a specialist talk live; the connection comes back and each line is there once", async ({ browser, page, world, shot }) => {
  const found: string[] = [];
  const { client } = await liveLoan(world, 1, { amount: 10_000, term: 30 });
  await enterAs(page, client);
  await page.goto("/cabinet");
  await page.locator("#chat-mark").click();
  await expect(page.locator("#hours")).toContainText("по Москве");
  found.push(...(await looked(page, shot, "chat-empty")));
  await page.evaluate(() => (window as { same?: boolean } & Window).same = true);
  await say(page, "#say", "Здравствуйте, где мой платёж?\n<b>100 ₽</b> & чек");
  await expect(page.locator("#lines .mine")).toHaveCount(1);
  await expect(page.locator("#say textarea")).toHaveValue("");
  await expect(page.locator("#standing [data-state=waiting]")).toHaveAttribute("data-ahead", "0");

  // Somebody else waits behind, and the queue shows who waits longest first.
  const second = await signIn(world, person(2).phone);
  await second.done("support/chat-say", { key: randomUUID(), text: "Второй вопрос" });
  expect(await second.page("/chat")).toMatch(/data-ahead="1"/);
  const staff = await atWork(browser, world, await hired(world, "olga", "Ольга Кузнецова", "support"), { viewport: { width: 1280, height: 900 } });
  await staff.locator("#queues a[href='/staff/chats']").click();
  await expect(staff.locator("[data-queue] tbody tr")).toHaveCount(2);
  found.push(...(await looked(staff, shot, "queue")));
  await openedByKeys(staff);
  // Nobody reads what they have not taken.
  await expect(staff.locator("#lines")).toHaveCount(0);
  found.push(...(await looked(staff, shot, "not-taken")));
  await staff.locator("#take button").click();
  await expect(staff.locator("#lines")).toContainText("<b>100 ₽</b> & чек");
  // Without asking for a new page the borrower sees who answers.
  await expect(page.locator("#standing")).toContainText("Вам отвечает Ольга");
  await expect(page.locator("#standing")).not.toContainText("Кузнецова");
  await staff.keyboard.press("Alt+1");
  await expect(staff.locator("#answer textarea")).toHaveValue(/Меня зовут Ольга/);
  await staff.keyboard.press("Control+Enter");
  await expect(page.locator("#lines .theirs")).toContainText("Меня зовут Ольга");
  await expect(staff.locator("#answer textarea")).toHaveValue("");

  // The line drops while both go on writing; what was typed without it is sent again with the same key.
  await page.context().setOffline(true);
  await say(page, "#say", "Пишу без связи");
  await expect(page.locator("#say")).toContainText("Нет связи");
  await expect(page.locator("#say textarea")).toHaveValue("Пишу без связи");
  await say(staff, "#answer", "Вижу ваш платёж");
  await page.context().setOffline(false);
  await page.locator("#say button").click();
  await expect(page.locator("#lines .mine")).toHaveCount(2);
  await expect(page.locator("#lines .theirs")).toHaveCount(2, { timeout: 20_000 });
  const order = await texts(page);
  await expect.poll(() => texts(staff)).toEqual(order);
  const numbers = await page.locator("#lines [data-seq]").evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.seq));
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(await page.evaluate(() => (window as { same?: boolean } & Window).same), "it was one page all along").toBe(true);
  found.push(...(await looked(page, shot, "chat")), ...(await looked(staff, shot, "talk")));

  // Away: the mark in the bar counts, and a notice goes out by the chosen channels.
  await page.goto("/cabinet");
  await expect(page.locator("#chat-mark")).toHaveAttribute("data-unread", "0");
  await say(staff, "#answer", "Ответ, пока вас нет");
  await expect.poll(async () => (await texts(staff)).length).toBe(5);
  await page.goto("/cabinet");
  await expect(page.locator("#chat-mark")).toHaveAttribute("data-unread", "1");
  await shot(page, "mark");
  await world.sandbox.advanceSeconds(120);
  await expect.poll(async () => client.page("/notices"), { timeout: 20_000 }).toContain("ответил вам в чате");
  await page.goto("/chat");
  await expect(page.locator("#lines .theirs").last()).toContainText("пока вас нет");
  expect(await client.page("/cabinet")).toMatch(/id="chat-mark"[^>]*data-unread="0"/);

  // Signed out elsewhere: the live page says so by going to the door.
  await client.done("access/sign-out", {});
  await expect(page).toHaveURL(/\/login\?next=\/chat$/, { timeout: 15_000 });
  await staff.context().close();
  expect(found).toEqual([]);
});

test("the same by plain forms, handed over, closed; the promise that was broken stands out", async ({ browser, world, shot }) => {
  const { client } = await liveLoan(world, 1, { amount: 10_000, term: 30 });
  const plain = { javaScriptEnabled: false, viewport: { width: 360, height: 780 } };
  const context = await browser.newContext({ baseURL: world.url, ...plain });
  const page = await context.newPage();
  await enterAs(page, client);
  await page.goto("/chat");
  await page.locator("#say button").click();
  await expect(page.locator("#f-text-error")).toContainText("Напишите сообщение");
  await say(page, "#say", "Как продлить займ?");
  await expect(page.locator("#lines .mine")).toHaveCount(1);
  // The same form again is the same line.
  const key = randomUUID();
  for (const _ of [1, 2, 3]) await client.done("support/chat-say", { key, text: "И сколько это стоит?" });
  await page.reload();
  expect(await texts(page)).toEqual(["Как продлить займ?", "И сколько это стоит?"]);
  await world.sandbox.advanceSeconds(11 * 60);

  const olga = await atWork(browser, world, await hired(world, "olga", "Ольга", "support"), plain);
  const ivan = await atWork(browser, world, await hired(world, "ivan", "Иван", "support"), plain);
  await olga.goto("/staff/chats?show=late");
  await expect(olga.locator("[data-status=late]")).toHaveCount(1);
  await olga.locator("[data-queue] tbody a").click();
  await olga.locator("#take button").click();
  await olga.locator("[data-quick]").nth(1).click();
  await expect(olga.locator("#answer textarea")).toHaveValue(/Проверяю/);
  await olga.locator("#answer button").click();
  await expect(olga.locator("#lines .mine")).toHaveCount(1);
  await olga.locator("summary", { hasText: "Передать" }).click();
  await olga.locator("#f-to").selectOption({ label: "Иван" });
  await olga.locator("#transfer button").click();
  await expect(olga.locator("h1")).toHaveText("Чаты");
  await ivan.goto("/staff/chats?show=mine");
  await ivan.locator("[data-queue] tbody a").click();
  await say(ivan, "#answer", "Продление бесплатное, кнопка на странице займа.");
  await expect(ivan.locator("#lines .mine")).toHaveCount(2);
  await page.reload();
  await expect(page.locator("#lines .theirs")).toHaveCount(2);
  await expect(page.locator("#standing")).toContainText("Вам отвечает Иван");
  await shot(page, "plain");
  const talk = ivan.url();
  await ivan.locator("#close button").click();
  await expect(ivan.locator("#empty")).toBeVisible();
  await page.reload();
  await expect(page.locator("#lines .happened").last()).toContainText("Разговор завершён");
  // An auditor looks with a reason, and the borrower reads it.
  const auditor = await atWork(browser, world, await hired(world, "audit", "Анна", "auditor"), plain);
  await auditor.goto(talk);
  await expect(auditor.locator("#lines")).toHaveCount(0);
  await auditor.locator("#f-why").fill("проверка качества ответов");
  await auditor.locator("#open button").click();
  await expect(auditor.locator("#lines .said")).not.toHaveCount(0);
  await expect(auditor.locator("#answer")).toHaveCount(0);
  expect(await client.page("/diary")).toContain("проверка качества ответов");
  const stranger = new Client(world.url);
  expect((await stranger.get("/chat/stream")).status).toBe(401);
  expect((await stranger.get("/chat")).location).toBe("/login?next=/chat");
  for (const one of [olga, ivan, auditor]) await one.context().close();
  await context.close();
});
