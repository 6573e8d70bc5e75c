// What promotions give away, by the word of two: a caught pair of friends, a personal offer, a prize. Each queue to empty.
import type { Page } from "@playwright/test";
import { attribute, CARDS, Client, liveLoan, onHostedPage, pay, text, type Borrowing } from "../../support/http";
import { enterAs } from "../../support/session";
import { atWork, hired, looked } from "../../support/staff";
import { expect, test } from "../../support/world";

// The draw of the file, around these days: two weeks until its list is closed, its drawing two days later.
test.use({ dates: { "2027-08-31": 14, "2027-09-06": 16 } });

async function paid(borrowing: Borrowing, amount: string): Promise<void> {
  const { location } = await pay(borrowing, amount);
  await onHostedPage(location ?? "", CARDS.plain);
}

/** How many things wait behind a card of the first page. */
const waiting = async (at: Page, queue: string) => {
  await at.goto("/staff");
  return at.locator(`#queues a[href='/staff/${queue}']`).getAttribute("data-count");
};

test("caught friends, personal offers and prizes are worked to empty by two of the staff", async ({ browser, page, world, shot }) => {
  const found: string[] = [];
  const inviter = await liveLoan(world, 1, { amount: 10_000, term: 30 });
  const invitation = attribute(await inviter.client.page("/invite"), "invite-link", "href") ?? "";
  const friends = new Client(world.url);
  await friends.get(new URL(invitation).pathname);
  // A household: one card between two people.
  const friend = await liveLoan(world, 2, { amount: 10_000, term: 30, client: friends });
  const number = text(await inviter.client.page(`/loans/${inviter.loan}`)).match(/\d{4}-\d{6}/)?.[0] ?? "";
  await enterAs(page, inviter.client);
  await page.goto("/draws");
  await page.locator("[data-draw=good-year] [data-join]").click();
  await world.sandbox.advanceDays(8);
  await paid(friend, "500");
  await paid(inviter, "payoff");
  await friend.client.until(`/loans/${friend.loan}`, ({ body }) => body.includes('data-kind="payment"'));
  await inviter.client.until("/draws", ({ body }) => body.includes('data-tickets="1"'));
  await world.sandbox.advanceDays(9);
  await inviter.client.until("/draws", ({ body }) => body.includes('data-prize="won"'), 30_000);
  await page.goto("/draws");
  found.push(...(await looked(page, shot, "prize-won")));
  await page.locator("[data-prize=won] [value=take]").click();
  await expect(page.locator("[data-prize=accepted]")).toBeVisible();

  const marketing = await atWork(browser, world, await hired(world, "vera", "Вера", "marketing"));
  const chief = await atWork(browser, world, await hired(world, "pavel", "Павел", "chief"));

  await test.step("friends who share a card: refused, asked for with a reason, agreed to by another", async () => {
    await marketing.goto("/staff/promotions/friends");
    const row = marketing.locator("[data-queue] [data-reason=card]");
    await row.locator("summary").click();
    await row.locator("[name=reason]").fill("муж и жена, два паспорта");
    found.push(...(await looked(marketing, shot, "friends-ask")));
    await row.locator("form button").click();
    await expect(marketing.locator("#refused-friends")).toHaveAttribute("data-waiting", "1");
    expect(await waiting(chief, "promotions")).toBe("1");
    await chief.goto("/staff/promotions/friends");
    // No other word than the two of the buttons is taken for one of them.
    const said = await chief.evaluate(async () => {
      const form = document.querySelector<HTMLFormElement>("[data-queue] form")!;
      const fields = [...new FormData(form).entries()].map(([name, value]) => [name, String(value)]);
      const body = new URLSearchParams([...fields, ["word", "perhaps"]]);
      const answer = await fetch(form.action, { method: "POST", body });
      return [answer.status, await answer.text()] as const;
    });
    expect(said[0]).toBe(409);
    expect(said[1]).toContain("Не удалось понять, согласиться или отказать");
    await chief.reload();
    await expect(chief.locator("#refused-friends")).toHaveAttribute("data-waiting", "1");
    await shot(chief, "friends-waits");
    await chief.locator("[data-queue] [value=approve]").click();
    await expect(chief.locator("#no-refusals")).toBeVisible();
    expect(attribute(await inviter.client.page("/invite"), "invited", "data-count")).toBe("1");
    expect(await inviter.client.page("/invite")).toContain('data-state="rewarded"');
  });

  await test.step("an offer above the bound waits for the second", async () => {
    await marketing.goto(`/staff/promotions?contract=${number}`);
    await marketing.locator("#f-title").fill("Спасибо за терпение");
    await marketing.locator("#f-product-short").check();
    const typed = { daily_rate: "0", max_amount: "30000", max_days: "30", valid_days: "14", reason: "Долго ждал ответа на жалобу" };
    for (const [name, value] of Object.entries(typed)) await marketing.locator(`#f-${name}`).fill(value);
    await marketing.locator("#f-ends_late").check();
    await marketing.locator("#give button").click();
    await expect(marketing.locator("#given [data-state=waiting]")).toContainText(number);
    expect(await waiting(chief, "promotions")).toBe("1");
    await chief.goto("/staff/promotions");
    await chief.locator("#given [value=approve]").click();
    await expect(chief.locator("#given")).toHaveAttribute("data-waiting", "0");
    expect(await waiting(chief, "promotions")).toBe("0");
  });

  await test.step("a prize: its place is told, it is handed over, the second agrees", async () => {
    await marketing.goto("/staff/draws");
    const prize = marketing.locator("[data-queue] [data-state=accepted]");
    await prize.locator("[name=note]").fill("В офисе на Арбате, с 10 до 19 часов");
    await prize.locator("button[formaction]").click();
    await expect(prize.locator("[data-place]")).toBeVisible();
    await page.reload();
    await expect(page.locator("[data-prize=accepted] [data-place]")).toContainText("В офисе на Арбате");
    await shot(page, "prize-ready");
    await prize.locator("[name=note]").fill("Вручён в офисе под роспись");
    await prize.locator("button:not([formaction])").click();
    expect(await waiting(chief, "draws")).toBe("1");
    await chief.goto("/staff/draws");
    await shot(chief, "prize-waits");
    await chief.locator("[data-queue] [value=approve]").click();
    await expect(chief.locator("#waiting")).toHaveAttribute("data-count", "0");
    await page.reload();
    await expect(page.locator("[data-prize=handed]")).toBeVisible();
  });
  // The workplace has one script of its own, and nothing of the borrowers' bundle.
  const scripts = await chief.evaluate(() => {
    const paths = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
    return paths.filter((path) => /\.(js|wasm)$/.test(path));
  });
  expect(scripts).toEqual(["/staff/keys.js"]);
  expect(found).toEqual([]);
});
