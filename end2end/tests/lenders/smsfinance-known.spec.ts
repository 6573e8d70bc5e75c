// СМСФинанс: whose number and whose person it is, accounts elsewhere, messages of failed sign-ins, another number, the end.
import { Borrower, person } from "../../support/borrower";
import { attribute, Client, liveLoan, refusal, registered, signIn, type Known } from "../../support/http";
import { atProvider, pressProvider } from "../../support/identity";
import { choice, expect, ofLender } from "../../support/lenders";
import { askedFromOutside, twoAgree } from "../../support/requests";
import { enterAs } from "../../support/session";
import { atWork, hired } from "../../support/staff";

const test = ofLender("smsfinance", { identity: true });

const PASSWORD = "двенадцать облаков";

test("a number already in use: «Личный кабинет по этому номеру уже используется» with the offer to restore the password (R21)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const known = await registered(world, 161);
  await world.sandbox.advanceSeconds(61);
  const other = borrower({ ...person(162), phone: known.who.phone });
  await page.goto("/register");
  await other.registration(PASSWORD);
  await world.sandbox.skip(other.phoneDigits);
  await other.send("answer");
  await expect(page).toHaveURL(/\/login\/code/);
  // A stranger learns nothing: the owner of the number does, by SMS.
  await expect(page.locator("main")).not.toContainText("используется");
  const message = await world.sandbox.next(other.phoneDigits, /уже используется/);
  await page.locator("#f-code").fill(message.text.slice(-6));
  await other.send("code");
  await expect(page.locator("h1")).toHaveText("Личный кабинет по этому номеру уже используется");
  await shot(page, "in-use");
  await test.step("the offer works: the owner restores the password and is in", async () => {
    await world.sandbox.advanceSeconds(61);
    await page.getByRole("link", { name: "Восстановить пароль" }).click();
    await page.locator("#f-login").fill(known.who.phone);
    await other.send("login");
    await other.code();
    await page.locator("#f-tail").fill(known.who.passport.slice(-4));
    await other.send("tail");
    await expect(page).toHaveURL(/\/password\/new/);
    await page.locator("#f-password").fill(PASSWORD);
    await other.send("password");
    await expect(page).not.toHaveURL(/\/password/);
    await page.goto("/profile");
    await expect(page.locator("#answers")).toContainText("Тестова");
  });
});

test("one person, one cabinet: a second registration of the same person under another phone ends in an error and no account (R22)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const first = await registered(world, 163);
  await world.sandbox.advanceSeconds(61);
  const phone = person(164).phone;
  const again = borrower({ ...first.who, phone });
  await page.goto("/register");
  await again.registration(PASSWORD);
  await again.send("answer");
  await again.code();
  await expect(page).toHaveURL(/\/register\/exists/);
  await expect(page.locator("main")).not.toContainText(first.who.phone.slice(-4));
  await shot(page, "person-exists");
  await world.sandbox.next(first.phone, /второй кабинет/);
  await test.step("there is no account: neither the password nor a session", async () => {
    const refused = await new Client(world.url).post("access/sign-in", { phone, password: PASSWORD });
    expect(refusal(refused).fields.map(({ field }) => field)).toEqual(["password"]);
    await page.goto("/cabinet");
    await expect(page).toHaveURL(/\/login/);
  });
  await test.step("and the way to the cabinet that there is", async () => {
    await page.goto("/register/exists");
    await page.locator("main a[href='/login']").first().click();
    await expect(page.locator("#f-phone")).toBeVisible();
    await page.goto("/register/exists");
    await expect(page.locator("main a[href='/phone-change']")).toBeVisible();
  });
});

test("registration and sign-in through Gosuslugi (a verified profile is required; an unverified one gets told so) and through T-Bank, which fills in the form; a phone is needed beside either (R19-20, R29)", async ({
  browser,
  world,
  shot,
  javaScriptEnabled,
}) => {
  test.setTimeout(240_000);
  const js = javaScriptEnabled ?? true;
  for (const [provider, n] of [["Госуслуги", 171], ["Т-Банк", 172]] as const) {
    const who = person(n);
    const login = `verified-0${n}`;
    const context = await browser.newContext({ baseURL: world.url, javaScriptEnabled: js, locale: "ru-RU", viewport: { width: 360, height: 780 } });
    const page = await context.newPage();
    const b = new Borrower(page, world, who, js);
    if (provider === "Госуслуги") {
      await test.step("an unverified profile is told so, and what to do", async () => {
        await page.goto("/register");
        await shot(page, "register-accounts");
        await pressProvider(page, provider, js);
        await atProvider(page, `unverified-0${n}`);
        await expect(page.locator("h1")).toHaveText("Учётная запись не подтверждена");
        await expect(page.locator("main")).toContainText("в ближайшем МФЦ с паспортом");
        await shot(page, "unverified");
        await context.clearCookies();
      });
    }
    await test.step(`${provider}: registers, with a phone that our own code confirms`, async () => {
      await page.goto("/register");
      await pressProvider(page, provider, js);
      await atProvider(page, login);
      await expect(page.locator("#claimed")).toContainText("Тестова Анна Петровна");
      await expect(page.locator("#f-phone")).toHaveValue(who.phone);
      await expect(page.locator("#f-consent")).not.toBeChecked();
      await page.locator("#f-consent").check();
      await b.send("phone");
      await b.code();
      await expect(page).not.toHaveURL(/\/login|\/identity|\/password/);
    });
    await test.step(`${provider}: the form is filled in, marked with whose words they are, and checked by its owner`, async () => {
      await page.goto(choice("short", 10_000, 20));
      await page.locator("#apply").click();
      await page.locator("main button.wide[type=submit]").click();
      const filled: Record<string, string> = {};
      await b.questionnaire(async (slug) => {
        for (const name of { person: ["last_name", "birth_date"], passport: ["passport"] }[slug] ?? []) {
          filled[name] = await page.locator(`#f-${name}`).inputValue();
          await expect(page.locator(`#f-${name}-hint`)).toContainText(`Передано: ${provider}`);
        }
        if (slug === "person") await shot(page, `filled-${n}`);
      });
      expect(filled).toEqual({ last_name: "Тестова", birth_date: "12.05.1990", passport: `4510 230${n}` });
      await expect(page).toHaveURL(/\/apply\/review/);
    });
    await test.step(`${provider}: the same person signs in by it again`, async () => {
      await context.clearCookies({ name: "__Host-session" });
      await page.goto("/login?next=/security");
      await pressProvider(page, provider, js);
      if (await page.locator("input[name=login]").isVisible()) await atProvider(page, login);
      await expect(page).toHaveURL(/\d\/security$/);
      await expect(page.locator("#accounts [data-linked]")).toContainText(provider);
      await shot(page, `security-${n}`);
    });
    await context.close();
  }
});

test("messages for: technical works in progress, wrong phone or password, wrong Gosuslugi data (R31)", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const { who } = await registered(world, 165);
  await world.sandbox.advanceSeconds(61);
  const js = javaScriptEnabled ?? true;
  const b = new Borrower(page, world, who, js);
  await test.step("wrong phone or password, without telling which", async () => {
    for (const [phone, password, message] of [
      ["+7 800 000-00-00", PASSWORD, "российский мобильный номер"],
      [who.phone, "совсем не тот", "не подошли"],
      [person(166).phone, "совсем не тот", "не подошли"],
    ] as const) {
      await page.goto("/login");
      await page.locator("#f-phone").fill(phone);
      await page.locator("#f-password").fill(password);
      await b.send("password");
      await expect(page.locator("form:has(#f-password)")).toContainText(message);
    }
  });
  await test.step("wrong Gosuslugi data: not verified, not given, and another phone than the cabinet's", async () => {
    await page.goto("/login");
    await pressProvider(page, "Госуслуги", js);
    await atProvider(page, "unverified-0165");
    await expect(page.locator("h1")).toHaveText("Учётная запись не подтверждена");
    await page.context().clearCookies();
    await page.goto("/login");
    await pressProvider(page, "Госуслуги", js);
    await page.getByRole("link", { name: /cancel/i }).click();
    await expect(page.locator("main")).toContainText("Доступ к данным не дан");
    await shot(page, "gosuslugi-refused");
    // An answer that is not of this journey.
    await page.goto("/identity/gosuslugi/return?state=1&code=2");
    await expect(page.locator("main")).toContainText("устарела или начата в другом браузере");
  });
  await test.step("technical works in progress: nothing is lost, and when to come again", async () => {
    const moscow = async (minutes: number) =>
      new Date((await world.sandbox.now()).getTime() + (180 + minutes) * 60_000).toISOString().slice(0, 16);
    const [from, until] = [await moscow(60), await moscow(180)];
    const announced = await world.kopeck("works", "announce", "--from", from, "--until", until);
    expect(announced.code, announced.output).toBe(0);
    await world.sandbox.advanceSeconds(61 * 60);
    await expect(async () => {
      await page.goto("/login");
      await expect(page.locator("#works")).toHaveAttribute("data-works", "now", { timeout: 500 });
    }).toPass();
    const refused = await new Client(world.url).post("access/sign-in", { phone: who.phone, password: PASSWORD });
    expect([refused.status, refusal(refused).reason]).toEqual([503, "works"]);
    await shot(page, "works");
    const [, id = ""] = announced.output.match(/^(\S+) from/) ?? [];
    expect((await world.kopeck("works", "cancel", id)).code).toBe(0);
    await expect(async () => {
      await page.goto("/login");
      await expect(page.locator("#works")).toHaveCount(0, { timeout: 500 });
    }).toPass();
  });
});

test("phone changed by a specialist after checking passport number, previous number, sometimes a video call (R34-35)", async ({
  browser,
  page,
  world,
  shot,
  borrower,
}) => {
  test.setTimeout(180_000);
  const { client, loan, who } = await liveLoan(world, 167, { amount: 10_000, term: 20 });
  const b = borrower(who);
  const NEW = "+79005550167";
  await page.goto("/help");
  await expect(page.locator("#phone-change")).toContainText(
    "Понадобится: номер паспорта, прежний номер телефона, иногда видеозвонок.",
  );
  await test.step("asked from outside, by the previous number and the passport's", async () => {
    await askedFromOutside(b, NEW);
    await shot(page, "phone-asked");
    await world.sandbox.next(b.phoneDigits, /сменить номер/);
    // Meanwhile the cabinet is read and paid.
    expect((await client.get(`/loans/${loan}`)).status).toBe(200);
  });
  await test.step("a specialist has compared all three, another agrees, and the number changes after a day", async () => {
    await twoAgree(browser, world, ["passport", "previous_phone", "video_call"]);
    await world.sandbox.advanceSeconds(24 * 3600 + 60);
    await world.sandbox.next(b.phoneDigits, /к другому номеру/);
    const moved = new Client(world.url);
    await moved.done("access/request-code", { phone: NEW });
    await moved.done("access/verify-code", { code: await world.sandbox.sms(NEW.slice(1)) });
    await moved.done("access/prove", { tail: who.passport.slice(-4) });
    const next = await moved.get(`/loans/${loan}`);
    expect([200, 302]).toContain(next.status);
    if (next.location?.startsWith("/password/new")) {
      await moved.done("access/set-password", { password: PASSWORD, repeat: PASSWORD });
    }
    expect((await moved.get(`/loans/${loan}`)).status).toBe(200);
  });
});

test("no self-deletion; ending the relationship is a written request to support (R81-82)", async ({ browser, page, world, shot }) => {
  test.setTimeout(180_000);
  const known = await registered(world, 168, { amount: 10_000, term: 20 });
  await page.goto("/help");
  const closing = page.locator("#closing");
  await expect(closing).toContainText("Удалить кабинет одной кнопкой нельзя");
  await expect(closing.locator("a")).toHaveCount(1);
  await expect(closing.locator("a")).toHaveAttribute("href", "mailto:help@smsfinance.example");
  await shot(page, "help");
  await enterAs(page, known.client);
  await page.goto("/closing");
  await page.locator("#f-understood").check();
  await page.locator("#close").click();
  await expect(page.locator("#request")).toHaveAttribute("data-state", "open");
  await shot(page, "closing-asked");
  expect((await known.client.get("/cabinet")).status, "nothing is deleted by asking").toBe(200);
  await twoAgree(browser, world, []);
  const [, end = ""] = (await known.client.get("/cabinet")).location?.match(/^(\/hold|\/login)/) ?? [];
  expect(end).not.toBe("");
  // The record stays: the same person makes no second cabinet.
  await world.sandbox.advanceSeconds(61);
  const again = await signIn(world, known.who.phone);
  expect((await again.get("/cabinet")).location).toMatch(/^\/(hold|proof)/);
});

test("apply; see approval, refusal and every change of state (R40, R42)", async ({ browser, page, world, shot }) => {
  test.setTimeout(180_000);
  const states = async () => page.locator("main [data-step]").evaluateAll((rows) => rows.map((row) => row.getAttribute("data-step")));
  const applied = async (known: Known) => {
    await enterAs(page, known.client);
    await page.goto("/apply/review");
    await page.locator("#submit").click();
    await expect(page).toHaveURL(/\/application$/);
    await expect(page.locator("#application")).toHaveAttribute("data-status", /filed|checking|approved|refused|specialist/);
    await known.client.until("/application", ({ body }) => !/filed|checking/.test(attribute(body, "application", "data-status") ?? ""));
    await page.goto("/application");
  };
  await test.step("approval, with every state it came through and when", async () => {
    const known = await registered(world, 181, { amount: 10_000, term: 20 });
    await applied(known);
    await expect(page.locator("#application")).toHaveAttribute("data-status", "approved");
    expect(await states()).toEqual(["filed", "checking", "approved"]);
    await shot(page, "approved");
    await world.sandbox.next(known.phone, /одобр/i);
  });
  await test.step("refusal, with its reasons", async () => {
    await page.context().clearCookies();
    const known = await registered(world, 182, { amount: 10_000, term: 20 });
    await world.sandbox.call("PUT", `/bureau/people/${known.who.inn}`, { self_ban: true });
    await applied(known);
    await expect(page.locator("#application")).toHaveAttribute("data-status", "refused");
    await expect(page.locator("#reasons li")).not.toHaveCount(0);
    expect(await states()).toEqual(["filed", "checking", "refused"]);
    await shot(page, "refused");
  });
  await test.step("a specialist's look, and what it ended with", async () => {
    await page.context().clearCookies();
    const known = await registered(world, 183, { amount: 10_000, term: 20 });
    await world.sandbox.call("PUT", `/bureau/people/${known.who.inn}`, { score: 350 });
    await applied(known);
    await expect(page.locator("#application")).toHaveAttribute("data-status", "specialist");
    await expect(page.locator("#application")).toContainText(/специалист/i);
    const under = await atWork(browser, world, await hired(world, "anton", "Антон", "underwriter"));
    await under.goto("/staff/applications");
    await under.locator("[data-queue] a").first().click();
    await under.locator("#f-reason").fill("доход подтверждён по телефону");
    await under.locator("#decide [value=approve]").click();
    await under.context().close();
    await page.goto("/application");
    await expect(page.locator("#application")).toHaveAttribute("data-status", "approved");
    expect(await states()).toEqual(["filed", "checking", "specialist", "approved"]);
    await world.sandbox.next(known.phone, /одобр/i);
  });
});
