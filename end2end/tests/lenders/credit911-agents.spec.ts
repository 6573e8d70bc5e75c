// Кредит 911: people who bring clients, what they see, and what they never see.
import { randomUUID } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answers, attribute, bindCard, CARDS, Client, issued, noon, person, signed, signIn, text } from "../../support/http";
import { violationsInBothThemes } from "../../support/axe";
import { expectFits } from "../../support/fits";
import { choice, expect, ofLender } from "../../support/lenders";
import { enterAs } from "../../support/session";
import { atWork, hired, looked } from "../../support/staff";

const test = ofLender("credit911");
const PAGES = ["/agent", "/agent/clients", "/agent/statements", "/agent/payouts"];
const ACCOUNT = { name: "Смирнова Ольга", account: "40802810900000000007", bic: "044525225" };

/** What a client types, each unlike anything else on any page. */
const SECRET = {
  ...person(77),
  lastName: "Щукозаврова",
  middleName: "Фердинандовна",
  email: "kanareika77@example.org",
};
const HIDDEN = {
  address: { region: "77", city: "Незнамогорск", street: "Кривоколенная", house: "973", flat: "379" },
  employer: "Артель Напрасный труд",
};

test("agents: bring clients, earn commission, see in extra menu items how the loans of their clients went (and no personal data beyond need) (R72)", async ({
  page,
  browser,
  world,
  shot,
  javaScriptEnabled,
}) => {
  test.setTimeout(300_000);
  const js = javaScriptEnabled ?? true;
  await noon(world);
  const marketing = await atWork(browser, world, await hired(world, "marina", "Марина", "marketing"), { javaScriptEnabled: js });
  const found: string[] = [];
  const agentPhone = "+79005550911";

  await test.step("the staff invite somebody who has no loan; they come in as anybody and agree to the rules", async () => {
    await marketing.goto("/staff/agents");
    await marketing.locator("#f-phone").fill(agentPhone);
    await marketing.locator("#f-label").fill("Магазин на углу");
    await marketing.locator("#f-reason").fill("мало");
    await marketing.locator("#grant button").click();
    await expect(marketing.locator("#f-reason-error")).toBeVisible();
    await expect(marketing.locator("#f-label")).toHaveValue("Магазин на углу");
    await marketing.locator("#f-reason").fill("договор подписан 12 ноября");
    await marketing.locator("#grant button").click();
    await expect(marketing.locator("#agent")).toHaveAttribute("data-status", "invited");
    await world.sandbox.next(agentPhone.replace(/\D/g, ""), /агентом/);
  });

  const agent = await signIn(world, agentPhone);
  await enterAs(page, agent);
  await page.goto("/cabinet");
  await expect(page.locator("a[href='/agent']:visible")).toHaveCount(1);
  await page.locator("a[href='/agent']:visible").click();
  await expect(page.locator("main h1")).toHaveText("Вас пригласили стать агентом");
  await shot(page, "agent-invited");
  found.push(...(await violationsInBothThemes(page)));
  await page.locator("main button[type=submit]").click();
  await expect(page.locator("#f-agree-error")).toBeVisible();
  await page.locator("#f-agree").check();
  await page.locator("main button[type=submit]").click();
  await expect(page.locator("#agent-link")).toBeVisible();
  const link = (await page.locator("#agent-link").getAttribute("href")) ?? "";
  expect(link).toMatch(/\/a\/\d{8}$/);

  await test.step("whoever follows the link reads that the price is the same", async () => {
    const context = await browser.newContext({ baseURL: world.url, javaScriptEnabled: js, locale: "ru-RU" });
    const visitor = await context.newPage();
    await visitor.goto(choice("short", 10_000, 20));
    const price = await visitor.locator("#total").getAttribute("data-kopecks");
    await visitor.goto(new URL(link).pathname);
    await visitor.goto(choice("short", 10_000, 20));
    await expect(visitor.locator("#agent-note")).toContainText("Цена займа от этого не меняется");
    await expect(visitor.locator("#total")).toHaveAttribute("data-kopecks", price ?? "");
    await shot(visitor, "agent-calculator");
    await visitor.goto(`/apply${choice("short", 10_000, 20).slice(1)}`);
    await expect(visitor.locator("#agent-note")).toBeVisible();
    await visitor.goto("/legal/personal_data");
    await expect(visitor.locator("main")).toContainText("Агент видит моё имя, первую букву фамилии");
    await context.close();
  });

  const bodies: string[] = [];
  const collect = async () => {
    for (const path of PAGES) bodies.push(await agent.page(path));
    const months = (bodies.at(-2) ?? "").matchAll(/\/agent\/statements\/(\d{4}-\d\d)\.csv/g);
    for (const [path] of months) bodies.push(await agent.page(path));
    // What the functions answer, refused or not.
    bodies.push((await agent.post("agent/agree", {})).body, (await agent.post("agent/payout", { ...ACCOUNT, amount: "" })).body);
  };

  const client = new Client(world.url);
  await client.get(new URL(link).pathname);
  expect(client.others.get("__Host-agent")).toMatch(/^\d{8}\./);
  await signIn(world, SECRET.phone, client);
  await collect();
  const known = answers(SECRET);
  known.address = HIDDEN.address;
  known.work = { ...known.work, employer: HIDDEN.employer };
  let next = await client.done("application/choose", { product: "short", amount: "20000", term: "30" });
  for (let step = next.replace("/apply/", ""); step in known; step = next.replace("/apply/", "")) {
    next = await client.done(`profile/${step}`, known[step] ?? {});
  }
  await client.done("application/submit", { key: randomUUID() });
  const status = await client.until("/application", (answer) => /data-status="approved"/.test(answer.body));
  expect(text(status.body)).toContain("Агент увидит ваше имя, первую букву фамилии");
  await collect();
  const contract = attribute(status.body, "to-offer", "href")?.replace("/offer/", "") ?? "";
  const offered = { client, who: SECRET, phone: SECRET.phone.replace(/\D/g, ""), contract };
  const card = await bindCard(offered);
  await signed(world, offered, card);
  const loan = await issued(offered);
  await collect();

  await test.step("the commission waits until the client has paid and the days of giving back are over", async () => {
    await page.goto("/agent");
    await expect(page.locator("[data-stage=issued]")).toHaveAttribute("data-count", "1");
    await expect(page.locator("#balance")).toHaveAttribute("data-kopecks", "60000");
    await expect(page.locator("#available")).toHaveAttribute("data-kopecks", "0");
    await world.sandbox.advanceDays(30);
    // Money comes by a register of terminals here.
    const [, number = ""] = (await client.page(`/loans/${loan}/pay`)).match(/id="reference"[^>]*>([^<]+)</) ?? [];
    const file = join(mkdtempSync(join(tmpdir(), "register-")), "register.csv");
    const day = (await world.sandbox.now()).toISOString().slice(0, 10).split("-").reverse().join(".");
    writeFileSync(file, `Дата;Номер договора;Сумма\n${day};${number.trim()};24800,00\n`);
    expect((await world.kopeck("import", "register", file)).output).toContain("posted: 1");
    await collect();
    await page.goto("/agent/clients");
    const row = page.locator("#clients tbody tr");
    await expect(row).toHaveCount(1);
    await expect(row).toHaveAttribute("data-status", "repaid");
    await expect(row.locator("th")).toContainText("Анна Щ.");
    await page.goto("/agent");
    await expect(page.locator("#available")).toHaveAttribute("data-kopecks", "60000");
  });

  await test.step("a payout is asked for, agreed to and paid", async () => {
    await page.goto("/agent/payouts");
    await page.locator("#f-name").fill(ACCOUNT.name);
    await page.locator("#f-account").fill("40802810900000000008");
    await page.locator("#f-bic").fill(ACCOUNT.bic);
    await page.locator("#ask button[type=submit]").click();
    await expect(page.locator("#f-account-error")).toBeVisible();
    await expect(page.locator("#f-name")).toHaveValue(ACCOUNT.name);
    await page.locator("#f-account").fill(ACCOUNT.account);
    await page.locator("#ask button[type=submit]").click();
    await expect(page.locator("#payouts tbody tr")).toHaveAttribute("data-status", "requested");
    const payer = await atWork(browser, world, await hired(world, "petr", "Пётр", "payments"), { javaScriptEnabled: js });
    expect((await marketing.goto("/staff/agents/payouts"))?.status()).toBe(200);
    await payer.goto("/staff/agents/payouts");
    if (js) found.push(...(await looked(payer, shot, "staff-agent-payouts")));
    await payer.locator("[data-queue] a").first().click();
    if (js) found.push(...(await looked(payer, shot, "staff-agent-payout")));
    await payer.locator("#approve button").click();
    await payer.locator("#write button").click();
    const [orders] = await Promise.all([payer.waitForEvent("download"), payer.locator("#files a").click()]);
    expect(orders.suggestedFilename()).toMatch(/^agents-.*\.txt$/);
    await payer.goto("/staff/agents/payouts");
    await payer.locator("[data-queue] a").first().click();
    await payer.locator("#f-order").fill("911");
    await payer.locator("#paid button").click();
    await expect(payer.locator("#empty")).toBeVisible();
    await payer.context().close();
    await page.goto("/agent/payouts");
    await expect(page.locator("#payouts tbody tr")).toHaveAttribute("data-status", "paid");
  });

  await test.step("a month that is over is a statement, and a table for spreadsheets", async () => {
    await world.sandbox.advanceDays(31);
    await agent.page("/agent/statements");
    await page.goto("/agent/statements");
    await expect(page.locator("[data-month]").first()).toBeVisible();
    const months = await page.locator("[data-month]").evaluateAll((all) => all.map((it) => it.getAttribute("data-month")));
    const csv = await agent.get(`/agent/statements/${months.at(-1)}.csv`);
    expect(csv.status).toBe(200);
    expect(csv.headers.get("content-type")).toContain("text/csv");
    // Nothing in it begins like a formula.
    expect(csv.body.split(/[;\n]/).filter((cell) => /^[=+@]/.test(cell))).toEqual([]);
    expect((await agent.get("/agent/statements/1999-01.csv")).status).toBe(404);
    await collect();
  });

  await test.step("no canary of the client is in anything an agent got", async () => {
    const canaries = {
      surname: SECRET.lastName,
      patronymic: SECRET.middleName,
      phone: offered.phone.slice(1),
      passport: SECRET.passport,
      inn: SECRET.inn,
      email: SECRET.email,
      birth: SECRET.birthDate,
      city: HIDDEN.address.city,
      street: HIDDEN.address.street,
      employer: HIDDEN.employer,
      card: CARDS.plain,
      "card's end": `•• ${CARDS.plain.slice(-4)}`,
      contract,
      loan,
    };
    expect(bodies.length).toBeGreaterThan(25);
    expect(bodies.some((body) => body.includes("Анна Щ."))).toBe(true);
    const leaked = Object.entries(canaries).filter(([, value]) => bodies.some((body) => body.includes(value)));
    expect(leaked).toEqual([]);
  });

  await test.step("nobody else has these places", async () => {
    for (const path of PAGES) expect((await client.get(path)).status).toBe(404);
    expect((await client.post("agent/payout", { ...ACCOUNT, amount: "500" })).status).toBe(404);
    expect(await client.page("/cabinet")).not.toContain('href="/agent"');
    expect((await client.get("/diary")).body).toContain('data-what="agent_attached"');
    const again = new Client(world.url);
    again.cookie = client.cookie;
    again.device = client.device;
    await again.get(new URL(link).pathname);
    expect(again.others.get("__Host-agent")).toBeUndefined();
  });

  await test.step("every page, narrow and wide, in both themes", async () => {
    for (const path of PAGES) {
      await page.goto(path);
      const name = path.slice(1).replace("/", "-");
      for (const [width, height] of [[360, 780], [1280, 900]] as const) {
        await page.setViewportSize({ width, height });
        await expectFits(page);
        await shot(page, `${name}-${width}`);
      }
      await page.setViewportSize({ width: 360, height: 780 });
      found.push(...(await violationsInBothThemes(page)));
    }
    await marketing.goto("/staff/agents");
    found.push(...(await looked(marketing, shot, "staff-agents")));
    await marketing.locator("#agents a").first().click();
    found.push(...(await looked(marketing, shot, "staff-agent")));
    expect(found).toEqual([]);
    await marketing.context().close();
  });
});
