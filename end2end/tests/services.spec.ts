// Services beside a loan: off for everybody, each on its own, with its price and what it does to the full cost.
import { Borrower, CARDS, person } from "../support/borrower";
import { expectFits } from "../support/fits";
import { liveLoan, onHostedPage, text } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

const states = (page: import("@playwright/test").Page) =>
  page.locator("[data-service]").evaluateAll((all) => all.map((one) => one.getAttribute("data-status")));

test("off by default for everybody: «next, next, next» through the whole journey activates nothing", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const b = new Borrower(page, world, person(1), javaScriptEnabled ?? true);
  // Only what is needed to go on is typed, and the one main button of each page pressed.
  await page.goto("/?product=long&amount=30000&term=8");
  await page.locator("#apply").click();
  await b.enter();
  await b.press("#choose");
  await b.questionnaire();
  await b.press("#submit");
  await expect(page.locator("#to-offer")).toBeVisible({ timeout: 20_000 });
  await page.locator("#to-offer").click();
  await b.press("#add-card");
  await b.card(CARDS.plain);
  await page.locator("[name=card]").first().check();
  await page.locator("[name=assignment][value=no]").check();
  await b.press("#prepare");
  await page.locator("#f-code").fill(await world.sandbox.sms(b.phoneDigits));
  await b.press("#sign");
  await expect(page).toHaveURL(/\/loans\//, { timeout: 30_000 });
  await page.locator("#services").click();
  await expect(page).toHaveURL(/\/services$/);
  expect(await states(page)).toEqual(["never", "never", "never", "never"]);
  await expectFits(page);
  await shot(page, "services");
});

test("own screen, price in roubles and its effect on the full cost; switch-off takes as many presses as switch-on; what was not used comes back", async ({
  page,
  world,
  shot,
}) => {
  const { client, loan } = await liveLoan(world, 2, { product: "long", amount: 30_000, term: 8 });
  await enterAs(page, client);
  const services = `/loans/${loan}/services`;
  await page.goto(services);
  const of = (code: string) => page.locator(`[data-service=${code}]`);

  await test.step("a free one: one press on, one press off", async () => {
    await of("budget").locator("[data-switch=on]").click();
    await expect(of("budget")).toHaveAttribute("data-status", "on");
    await of("budget").locator("[data-switch=off]").click();
    await expect(of("budget")).toHaveAttribute("data-status", "off");
  });

  await test.step("a paid one says what it costs, in roubles and in the full cost, before it is pressed", async () => {
    await expect(of("accident").locator("[data-price]")).toContainText("300,00 ₽");
    const line = of("accident").locator("[data-psk-with]");
    const [less, more] = [await line.getAttribute("data-psk-without"), await line.getAttribute("data-psk-with")];
    expect(Number(less)).toBeGreaterThan(180);
    expect(Number(more)).toBeGreaterThan(Number(less));
    expect(Number(more)).toBeLessThan(292);
  });

  await test.step("one press and the payment of its price; the debt stays what it was", async () => {
    await page.goto(`/loans/${loan}`);
    const before = await page.locator("#debt").getAttribute("data-kopecks");
    await page.goto(services);
    await of("accident").locator("[data-switch=on]").click();
    await page.waitForURL(/\/checkout\//);
    await page.goto(await onHostedPage(page.url(), CARDS.plain));
    await expect(page.locator("#to-services")).toBeVisible();
    await shot(page, "services-paid");
    await page.locator("#to-services").click();
    await expect(of("accident")).toHaveAttribute("data-status", "on");
    await expect(of("accident").locator("[data-clock]")).toContainText("300,00 ₽");
    await shot(page, "services-on");
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#debt")).toHaveAttribute("data-kopecks", before ?? "");
  });

  await test.step("the refund's clock: one press off, the sum and the day, then the money", async () => {
    await world.sandbox.advanceDays(10);
    await page.goto(services);
    await of("accident").locator("[data-switch=off]").click();
    await expect(of("accident")).toHaveAttribute("data-status", /return/);
    await shot(page, "services-returning");
    const returned = /data-service="accident" data-status="returned"/;
    await expect.poll(async () => returned.test(await client.page(services)), { timeout: 30_000 }).toBe(true);
    await page.goto(services);
    await expect(of("accident").locator("[data-state]")).toHaveAttribute("data-back", "27590");
    await shot(page, "services-returned");
  });

  await test.step("every press stands among the documents and in the export", async () => {
    await page.goto("/documents");
    await expect(page.locator("[data-document=service]")).toHaveCount(2);
    await expect(page.locator("[data-document=service-refusal]")).toHaveCount(2);
    await expect(page.locator("[data-document=refund]")).toHaveCount(1);
    const { services: words } = JSON.parse((await client.get("/export/all.json")).body) as {
      services: { code: string; given: boolean }[];
    };
    expect(words.map((word) => [word.code, word.given])).toEqual([
      ["budget", true],
      ["budget", false],
      ["accident", true],
      ["accident", false],
    ]);
    expect(text(await client.page("/notices"))).toContain("«Страхование от несчастного случая» выключена");
  });
});
