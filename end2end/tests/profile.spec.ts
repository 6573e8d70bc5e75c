// The questionnaire: in its order, with errors that say what to do, and kept for whichever device comes next.
import { type Page } from "@playwright/test";
import { Borrower, inn, person } from "../support/borrower";
import { violations } from "../support/axe";
import { answers, signIn } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

test.use({ expectedConsole: [/status of 422/] });

const error = (page: Page, field: string) => page.locator(`[data-field="${field}"] .error`);
const SUBMIT = "main form:has(button.wide) button[type=submit].wide";

/** What the page says of each field, once it has been sent. */
async function told(page: Page, errors: Record<string, RegExp>): Promise<void> {
  for (const [field, text] of Object.entries(errors)) await expect(error(page, field), field).toHaveText(text);
  await expect(page.locator(".field .error:visible")).toHaveCount(Object.keys(errors).length);
}

test("every page says what is wrong and what to do, and keeps what was typed", async ({ page, world, shot, javaScriptEnabled }) => {
  const who = person(1);
  const b = new Borrower(page, world, who, javaScriptEnabled ?? true);
  const client = await signIn(world, who.phone);
  await client.done("application/choose", { product: "short", amount: "20000", term: "21" });
  await enterAs(page, client);
  const at = (slug: string) => expect(page).toHaveURL(new RegExp(`/apply/${slug}$`));

  await test.step("the agreement comes first, whatever the address", async () => {
    for (const early of ["person", "passport", "address", "work", "consents", "review"]) {
      await page.goto(`/apply/${early}`);
      await at("agreement");
    }
    await expect(page.locator("#f-agreement_esign")).not.toBeChecked();
    await b.press(SUBMIT);
    await told(page, { agreement_esign: /Без этого соглашения.*поставьте отметку/ });
    await expect(page.locator("#text-hash")).toHaveText(/[0-9a-f]{64}/);
    await b.step("agreement", async () => page.locator("#f-agreement_esign").check());
    await page.goto("/apply/consents");
    await at("person");
  });

  await test.step("who", async () => {
    await b.press(SUBMIT);
    await told(page, {
      last_name: /Заполните/,
      first_name: /Заполните/,
      birth_date: /Заполните/,
      sex: /Выберите один из вариантов/,
    });
    const typed = { last_name: "Testova", first_name: "Анна", birth_date: "23.11.2009" };
    for (const [name, text] of Object.entries(typed)) await b.fill(name, text);
    await page.locator("[name=sex][value=female]").check();
    await b.press(SUBMIT);
    await told(page, { last_name: /русскими буквами, как в паспорте/, birth_date: /с 18 лет/ });
    for (const [name, text] of Object.entries(typed)) await expect(page.locator(`#f-${name}`)).toHaveValue(text);
    await expect(page.locator("[name=sex][value=female]")).toBeChecked();
    await shot(page, "person-errors");
    await b.fill("last_name", who.lastName);
    for (const [date, said] of [
      ["31.02.1990", /так: 12\.05\.2019/],
      ["12.05.2030", /ещё не наступила/],
      ["12.05.1900", /год рождения/],
    ] as const) {
      await b.fill("birth_date", date);
      await b.press(SUBMIT);
      await told(page, { birth_date: said });
    }
    // Turned 45 in May: a passport of 2015 has had its day.
    await b.step("person", async () => b.fill("birth_date", "12.05.1981"));
  });

  await test.step("the passport", async () => {
    await at("passport");
    const wrong = {
      passport: "4510 12345",
      passport_code: "77-01",
      passport_issuer: "ОВД «Арбат» города Москвы",
      passport_date: "20.06.2015",
      birth_place: "город Москва",
      citizenship: "Россия",
      inn: who.inn.replace(/.$/, (last) => String((Number(last) + 1) % 10)),
    };
    for (const [name, text] of Object.entries(wrong)) await b.fill(name, text);
    await b.press(SUBMIT);
    await told(page, {
      passport: /десять цифр: 4510 123456/,
      passport_code: /шесть цифр: 770-001/,
      passport_date: /недействителен с .*в 20 и в 45 лет\. Укажите данные нового/,
      inn: /в одной из цифр ошибка\. Свой ИНН/,
      public_official: /Выберите один из вариантов/,
    });
    for (const [name, text] of Object.entries(wrong)) await expect(page.locator(`#f-${name}`)).toHaveValue(text);
    await expect(page.locator("#f-passport")).toBeFocused();
    await shot(page, "passport-errors");
    await b.step("passport", async () => {
      await b.fill("passport", who.passport);
      await b.fill("passport_code", "770-001");
      await b.fill("passport_date", "20.06.2026");
      await b.fill("inn", who.inn);
      await page.locator("[name=public_official][value=no]").check();
    });
  });

  await test.step("the address and the work", async () => {
    await at("address");
    await b.press(SUBMIT);
    await told(page, { region: /Выберите/, city: /Заполните/, street: /Заполните/, house: /Заполните/ });
    await b.step("address", async () => {
      await page.locator("[name=region]").selectOption("77");
      await b.fill("city", "Москва");
      await b.fill("street", "Арбат");
      await b.fill("house", "10");
    });
    await b.fill("employer", "ООО «Ромашка»");
    await b.fill("income", "много");
    await b.fill("expenses", "30 000");
    await b.fill("email", "anna@");
    await b.press(SUBMIT);
    await told(page, { income: /в рублях цифрами: 45 000/, email: /maria@example\.ru/ });
    await expect(page.locator("#f-income")).toHaveValue("много");
    await b.step("work", async () => {
      await b.fill("income", "80 000");
      await b.fill("email", who.email);
    });
  });

  await test.step("consents: each a box of its own, none ticked, the needed ones asked for kindly", async () => {
    const boxes = page.locator("[name^=consent_]");
    await expect(boxes).toHaveCount(4);
    for (const box of await boxes.all()) await expect(box).not.toBeChecked();
    await b.press(SUBMIT);
    const kindly = /закон не разрешает рассмотреть заявку\. Прочитайте его/;
    await told(page, { consent_personal_data: kindly, consent_bureau: kindly });
    await page.locator("#f-consent_personal_data").check();
    await b.press(SUBMIT);
    await told(page, { consent_bureau: kindly });
    await expect(page.locator("#f-consent_personal_data")).toBeChecked();
    await shot(page, "consents-error");
    const texts = await page.locator("main form a[href^='/legal/']").evaluateAll((links) => links.map((a) => a.getAttribute("href")));
    expect(new Set(texts).size).toBe(4);
    await b.step("consents", async () => page.locator("#f-consent_bureau").check());
    await expect(page).toHaveURL(/\/apply\/review/);
    await expect(page.locator("main")).toContainText("Тестова");
  });
});

test("up to 15 000 ₽ less is asked, and a larger sum asks only for the rest", async ({ page, world, javaScriptEnabled }) => {
  const who = person(2);
  const b = new Borrower(page, world, who, javaScriptEnabled ?? true);
  const client = await signIn(world, who.phone);
  await client.done("application/choose", { product: "short", amount: "15000", term: "20" });
  const pages = answers(who);
  await client.done("profile/agreement", pages.agreement);
  await client.done("profile/person", pages.person);
  await enterAs(page, client);

  await page.goto("/apply/passport");
  await expect(page.locator("ol.steps li")).toHaveCount(5);
  await expect(page.locator("#f-birth_place, #f-citizenship")).toHaveCount(0);
  const { birth_place, citizenship, ...less } = pages.passport ?? {};
  expect([birth_place, citizenship]).not.toContain(undefined);
  await client.done("profile/passport", less);
  await page.goto("/apply/address");
  await expect(page).toHaveURL(/\/apply\/work/);
  await client.done("profile/work", pages.work);
  expect(await client.done("profile/consents", pages.consents)).toBe("/apply/review");

  await page.goto("/apply?product=short&amount=15500&term=20");
  await expect(page.locator("main")).toContainText("адрес регистрации");
  await b.press("#choose");
  await b.step("passport", async () => {
    await expect(page.locator("#f-passport")).toHaveValue(who.passport);
    await b.fill("birth_place", "город Москва");
    await b.fill("citizenship", "Россия");
  });
  await expect(page.locator("ol.steps li")).toHaveCount(6);
  await b.step("address", async () => {
    await page.locator("[name=region]").selectOption("77");
    await b.fill("city", "Москва");
    await b.fill("street", "Арбат");
    await b.fill("house", "10");
  });
  await expect(page).toHaveURL(/\/apply\/review/);
});

test("left at any step, the draft goes on in another browser", async ({ page, browser, world, javaScriptEnabled, viewport }) => {
  const who = person(3);
  const js = javaScriptEnabled ?? true;
  const here = new Borrower(page, world, who, js);
  await page.goto("/apply?product=short&amount=20000&term=21");
  await here.enter();
  await here.press("#choose");
  await here.step("agreement", async () => page.locator("#f-agreement_esign").check());
  await here.fill("last_name", "Тестова-Младшая");
  await here.fill("first_name", "Анна");
  await here.fill("birth_date", "12.05.19");
  await here.press(SUBMIT);
  await expect(error(page, "birth_date")).toContainText("12.05.2019");

  const context = await browser.newContext({ javaScriptEnabled: js, viewport, locale: "ru-RU", baseURL: world.url });
  try {
    const other = await context.newPage();
    const there = new Borrower(other, world, who, js);
    await world.sandbox.advanceSeconds(61);
    await world.sandbox.skip(there.phoneDigits);
    await other.goto("/login?next=/apply/person");
    await there.enter();
    await expect(other).toHaveURL(/\/apply\/person/);
    await expect(other.locator("#f-last_name")).toHaveValue("Тестова-Младшая");
    await expect(other.locator("#f-birth_date")).toHaveValue("12.05.19");
    await expect(error(other, "birth_date")).toContainText("12.05.2019");
    await expect(other.locator("#saved")).toContainText("Сохранено");
    await there.step("person", async () => {
      await there.fill("birth_date", who.birthDate);
      await other.locator("[name=sex][value=female]").check();
    });
    await there.fill("passport", who.passport);
    await there.fill("inn", inn("7701230099"));
    await there.press(SUBMIT);
    await expect(error(other, "passport_date")).toBeVisible();
    // Back at the first one: what was typed over there is here too.
    await page.goto("/apply/person");
    await expect(page.locator("#f-birth_date")).toHaveValue(who.birthDate);
    await page.goto("/apply/work");
    await expect(page).toHaveURL(/\/apply\/passport/);
    await expect(page.locator("#f-passport")).toHaveValue(who.passport);
    await expect(page.locator("#f-inn")).toHaveValue(inn("7701230099"));
  } finally {
    await context.close();
  }
});

test("names and towns are suggested while they are typed, by hand or by keys, and what is typed counts @scripts", async ({ page, world, shot }) => {
  const who = person(1);
  const client = await signIn(world, who.phone);
  await client.done("application/choose", { product: "short", amount: "20000", term: "21" });
  await client.done("profile/agreement", answers(who).agreement);
  await enterAs(page, client);
  const list = (field: string) =>
    page.locator(`#f-${field}`).evaluate((it) => [...((it as HTMLInputElement).list?.options ?? [])].map(({ value }) => value));
  const typed = async (field: string, text: string) => {
    const answer = page.waitForResponse((it) => it.url().endsWith("/suggest"));
    await page.locator(`#f-${field}`).pressSequentially(text);
    return (await answer).status();
  };

  await page.goto("/apply/person");
  expect(await typed("last_name", "Тест")).toBe(200);
  await expect.poll(() => list("last_name")).toEqual(["Тестова", "Тестов", "Тестовская", "Тестоедова"]);
  expect(await violations(page)).toEqual([]);
  await shot(page, "suggested");

  await test.step("one entry is taken by the keys, and taking it asks nobody", async () => {
    const asked: string[] = [];
    page.on("request", (it) => it.url().endsWith("/suggest") && asked.push(it.postData() ?? ""));
    await page.locator("#f-last_name").fill("Тестова");
    await page.locator("#f-last_name").press("Tab");
    await expect(page.locator("#f-first_name")).toBeFocused();
    await page.waitForTimeout(400);
    expect(asked).toEqual([]);
    // Of one field its text alone, with nothing about who asks.
    await typed("first_name", "Анн");
    expect(asked.map((body) => new URLSearchParams(body).get("text"))).toEqual(["Анн"]);
    await expect.poll(() => list("first_name")).toEqual(["Анна", "Аннета"]);
  });

  await test.step("without an answer the field is only a field", async () => {
    await world.sandbox.order({ on: "suggestions", kind: "error500", times: 0 });
    await page.locator("#f-middle_name").fill("");
    expect(await typed("middle_name", "Петр")).toBeLessThan(600);
    await page.locator("#f-middle_name").fill("Петрозаводовна");
    await page.locator("#f-birth_date").fill(who.birthDate);
    await page.locator("[name=sex][value=female]").check();
    await page.locator("#f-first_name").fill("Анна");
    await world.sandbox.clearFaults();
    await page.locator(SUBMIT).click();
    await expect(page).toHaveURL(/\/apply\/passport$/);
  });
  await test.step("a street is looked for in the town", async () => {
    const { passport = {} } = answers(who);
    await client.done("profile/passport", passport);
    await page.goto("/apply/address");
    await page.locator("#f-region").selectOption("77");
    await typed("city", "Моск");
    await expect.poll(() => list("city")).toEqual(["Москва", "Московский"]);
    await page.locator("#f-city").fill("Москва");
    await typed("street", "Арб");
    await expect.poll(() => list("street")).toContain("ул Арбат");
    expect(await list("street")).not.toContain("ул Баумана");
  });
});
