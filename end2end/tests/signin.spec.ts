// Every way in that a lender's file can choose, on devices known and new; proving oneself, restoring, and closing.
import type { Browser, Page } from "@playwright/test";
import { Borrower, person } from "../support/borrower";
import { answered, inWords } from "../support/challenge";
import { Client, answers, registered, signIn, text } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test, type World } from "../support/world";

const PASSWORD = "восемь сосен";
const NEW = "девять сосен";
const error = (page: Page, field: string) => page.locator(`#f-${field}-error`);
const send = async (page: Page, field: string, js: boolean) => {
  const form = page.locator(`form:has(#f-${field})`);
  if (js) await expect(form).toHaveAttribute("data-live", "");
  await form.locator("button[type=submit]").click();
};

/** Another device: a context of its own, with the same scripts or none. */
async function device(browser: Browser, world: World, js: boolean): Promise<Page> {
  const context = await browser.newContext({ baseURL: world.url, javaScriptEnabled: js, locale: "ru-RU" });
  return context.newPage();
}

/** The code of the next SMS, typed on the page that asks for it. */
async function code(page: Page, world: World, digits: string, js: boolean): Promise<void> {
  await expect(page).toHaveURL(/\/login\/code/);
  await page.locator("#f-code").fill(await world.sandbox.sms(digits));
  await send(page, "code", js);
}

test.use({ expectedConsole: [/status of 4(03|22|29)/] });

test.describe("by a phone and a password", () => {
  test.use({
    access: 'method = "phone_password"\npassword_from = "registration"\npassword_twice = true\nrestore = ["sms", "email"]',
  });

  test("registering, signing in again, a new device, and a password that was forgotten", async ({
    page,
    browser,
    world,
    shot,
    javaScriptEnabled,
  }) => {
    const js = javaScriptEnabled ?? true;
    const who = person(1);
    const digits = who.phone.replace(/\D/g, "");
    const register = async (on: Page, password: string, repeat: string) => {
      await on.locator("#f-phone").fill(who.phone);
      await on.locator("#f-email").fill(who.email);
      await on.locator("#f-password").fill(password);
      await on.locator("#f-repeat").fill(repeat);
      await on.locator("#f-consent").check();
      await send(on, "password", js);
    };

    await test.step("a password is refused for being known or mistyped, never for its letters", async () => {
      await page.goto("/login");
      await page.getByRole("link", { name: "Зарегистрироваться" }).click();
      await expect(page.locator("#f-consent")).not.toBeChecked();
      await expect(page.locator("#f-password")).toHaveAttribute("autocomplete", "new-password");
      await register(page, "йцукенгш", "йцукенгщ");
      await expect(error(page, "password")).toContainText("с которых начинают взломщики");
      await expect(error(page, "repeat")).toContainText("не совпали");
      await shot(page, "register-wrong");
      if (js) {
        await page.locator("#f-password ~ [data-reveal]").click();
        await expect(page.locator("#f-password")).toHaveAttribute("type", "text");
      } else {
        await expect(page.locator("[data-reveal]").first()).toBeHidden();
        // Nothing but the password has to be typed again.
        await expect(page.locator("#f-phone")).toHaveValue(who.phone);
        await expect(page.locator("#f-password")).toHaveValue("");
      }
      await register(page, PASSWORD, PASSWORD);
      await code(page, world, digits, js);
      await expect(page).not.toHaveURL(/\/login|\/proof|\/password/);
    });

    const signin = async (on: Page, password: string) => {
      await on.goto("/login");
      await on.locator("#f-phone").fill(who.phone);
      await on.locator("#f-password").fill(password);
      await send(on, "password", js);
    };

    await test.step("a known device needs no code", async () => {
      await page.locator("#sign-out").click();
      await expect(page.locator("#sign-in")).toBeVisible();
      await signin(page, NEW);
      await expect(error(page, "password")).toContainText("не подошли");
      await shot(page, "password-wrong");
      await signin(page, PASSWORD);
      await expect(page).not.toHaveURL(/\/login/);
    });

    const other = await device(browser, world, js);
    await test.step("a new device gets a code besides", async () => {
      await world.sandbox.advanceSeconds(61);
      await signin(other, PASSWORD);
      await code(other, world, digits, js);
      await expect(other).not.toHaveURL(/\/login|\/proof/);
    });

    await test.step("it is listed, closed from here, and out", async () => {
      await page.goto("/security");
      await expect(page.locator("#sessions li")).toHaveCount(2);
      await expect(page.locator("#sessions")).toContainText("Это устройство");
      await shot(page, "sessions");
      const close = page.locator("#sessions form");
      if (js) await expect(close).toHaveAttribute("data-live", "");
      await close.getByRole("button", { name: "Закрыть" }).click();
      await expect(page.locator("#sessions li")).toHaveCount(1);
      await other.goto("/security");
      await expect(other).toHaveURL(/\/login\?next=/);
    });

    await test.step("the number is in use: its owner reads so, and the page says so after the code", async () => {
      await world.sandbox.advanceSeconds(61);
      await other.goto("/register");
      await register(other, "двенадцать сосен", "двенадцать сосен");
      await expect(other).toHaveURL(/\/login\/code/);
      await expect(other.locator("main")).not.toContainText("используется");
      const message = await world.sandbox.next(digits, /уже используется/);
      await other.locator("#f-code").fill(message.text.slice(-6));
      await send(other, "code", js);
      await expect(other.locator("h1")).toHaveText("Личный кабинет по этому номеру уже используется");
      await expect(other.getByRole("link", { name: "Восстановить пароль" })).toBeVisible();
    });

    await test.step("a forgotten password: a code, a new password, and the owner is told", async () => {
      await world.sandbox.advanceSeconds(61);
      await other.getByRole("link", { name: "Восстановить пароль" }).click();
      await other.locator("#f-login").fill(who.phone);
      await send(other, "login", js);
      // Without a passport in the questionnaire the code is all that can be asked for.
      await code(other, world, digits, js);
      await expect(other).toHaveURL(/\/password\/new/);
      await other.locator("#f-password").fill(NEW);
      await other.locator("#f-repeat").fill(NEW);
      await send(other, "password", js);
      await expect(other).not.toHaveURL(/\/password/);
      await world.sandbox.next(digits, /пароль личного кабинета изменён/);
      // Every other device is out.
      await page.goto("/security");
      await expect(page).toHaveURL(/\/login\?next=/);
      await signin(page, PASSWORD);
      await expect(error(page, "password")).toContainText("не подошли");
    });

    await test.step("the address is confirmed by its link, and restores the password without the phone", async () => {
      const link = async (what: RegExp) => {
        const letter = await world.sandbox.next(who.email, what, 10_000, "email");
        const [, path = ""] = letter.text.match(/https?:\/\/[^/]+(\/\S+)/) ?? [];
        return path;
      };
      await page.goto(await link(/подтвердить этот адрес/));
      // Looking changes nothing: mail hosts look too.
      await page.reload();
      await page.locator("main form button[type=submit]").click();
      await expect(page.locator("h1")).toHaveText("Почта подтверждена");
      await page.goto("/password/forgot");
      await page.locator("#f-login").fill(who.email);
      await send(page, "login", js);
      await expect(page.locator("h1")).toHaveText("Письмо отправлено");
      const path = await link(/Чтобы задать новый пароль/);
      await page.goto(path);
      await page.locator("#f-password").fill(PASSWORD);
      await page.locator("#f-repeat").fill(PASSWORD);
      await send(page, "password", js);
      await expect(page).toHaveURL(/\/login$/);
      await page.goto(path);
      await expect(page.locator("main")).toContainText("больше не действует");
      await world.sandbox.advanceSeconds(61);
      await signin(page, PASSWORD);
      await code(page, world, digits, js);
      await expect(page).not.toHaveURL(/\/login|\/proof|\/password/);
    });
    await other.context().close();
  });
});

test.describe("by a phone, then the password", () => {
  test.use({ access: 'method = "phone_then_password"\npassword_from = "registration"\nrestore = ["sms"]' });

  test("the first code asks for a password, every later one for that password", async ({ page, world, javaScriptEnabled }) => {
    const js = javaScriptEnabled ?? true;
    const who = person(2);
    const digits = who.phone.replace(/\D/g, "");
    const enter = async () => {
      await page.goto("/login");
      await page.locator("#f-phone").fill(who.phone);
      await send(page, "phone", js);
      await code(page, world, digits, js);
    };
    await enter();
    await expect(page).toHaveURL(/\/password\/new/);
    // Nothing else opens before.
    await page.goto("/cabinet");
    await expect(page).toHaveURL(/\/password\/new\?next=\/cabinet/);
    await page.locator("#f-password").fill(PASSWORD);
    await send(page, "password", js);
    await expect(page).not.toHaveURL(/\/password/);
    await page.locator("#sign-out").click();
    await expect(page.locator("#sign-in")).toBeVisible();
    await world.sandbox.advanceSeconds(61);
    await enter();
    await expect(page).toHaveURL(/\/proof/);
    await page.locator("#f-password").fill(NEW);
    await send(page, "password", js);
    await expect(error(page, "password")).toContainText("не подошёл");
    await page.locator("#f-password").fill(PASSWORD);
    await send(page, "password", js);
    await expect(page).not.toHaveURL(/\/proof|\/login/);
  });
});

test.describe("by an e-mail address and a password", () => {
  test.use({ access: 'method = "email_password"\npassword_from = "approval"\nrestore = ["sms", "email"]' });

  test("the approval's SMS brings a password, which is changed at its first use", async ({ page, world, shot, javaScriptEnabled }) => {
    const js = javaScriptEnabled ?? true;
    const known = await registered(world, 3);
    await known.client.done("application/submit", { key: crypto.randomUUID() });
    const message = await world.sandbox.next(known.phone, /Пароль для входа/, 20_000);
    const [, password = ""] = message.text.match(/входа ([a-z0-9]{10})/) ?? [];
    await world.sandbox.advanceSeconds(61);
    await page.goto("/login");
    await expect(page.locator("#f-email")).toBeVisible();
    await page.getByRole("link", { name: "Войти по телефону" }).click();
    await page.locator("#f-phone").fill(known.who.phone);
    await send(page, "phone", js);
    await code(page, world, known.phone, js);
    await expect(page).toHaveURL(/\/proof/);
    await shot(page, "proof-password");
    // By the passport instead: the way goes on to the same place.
    await page.goto("/security");
    await page.getByRole("link", { name: "Подтвердите себя паспортом" }).click();
    await expect(page.locator("#f-tail")).toBeVisible();
    await expect(page.locator("form:has(#f-tail) input[name=next]")).toHaveValue("/security");
    await page.goBack();
    await page.locator("#f-password").fill(password);
    await send(page, "password", js);
    await expect(page).toHaveURL(/\/password\/new/);
    await page.locator("#f-password").fill(password);
    await send(page, "password", js);
    await expect(error(page, "password")).toContainText("пришёл в СМС");
    await page.locator("#f-password").fill(PASSWORD);
    await send(page, "password", js);
    await expect(page).not.toHaveURL(/\/password|\/proof|\/login/);
  });
});

test("a new device shows nothing of a person before the passport's tail, and changes nothing", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  const known = await registered(world, 4);
  const passport = known.who.passport.replace(/\D/g, "");
  await world.sandbox.advanceSeconds(61);
  const thief = await signIn(world, known.who.phone);
  for (const path of ["/cabinet", "/application", "/apply/passport", "/apply/review", "/security"]) {
    const answer = await thief.get(path);
    expect(answer.status, path).toBe(302);
    expect(answer.location, path).toBe(`/proof?next=${path}`);
    expect(answer.body).not.toContain(passport.slice(4));
  }
  for (const [endpoint, fields] of [
    ["payout/add-card", { return_to: "/cabinet" }],
    ["profile/work", answers(known.who).work ?? {}],
    ["access/end-others", {}],
  ] as const) {
    const answer = await thief.post(endpoint, fields);
    expect(answer.status, endpoint).toBe(403);
    expect(answer.body, endpoint).toContain("proof_needed");
  }
  await enterAs(page, thief);
  await page.goto("/cabinet");
  await expect(page.locator("h1")).toHaveText("Это новое устройство");
  await page.locator("#f-tail").fill("0000");
  await send(page, "tail", js);
  await expect(error(page, "tail")).toContainText("Осталось 2 попытки");
  await shot(page, "proof");
  await page.locator("#f-tail").fill(passport.slice(-4));
  await send(page, "tail", js);
  await expect(page).not.toHaveURL(/\/proof/);
});

test("many requests from one network ask for a moment of work, or for the digits of a picture", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  for (let n = 10; n < 30; n += 1) {
    const asked = await new Client(world.url).post("access/request-code", { phone: `+7900120${n}00` });
    expect(asked.status).toBe(200);
  }
  const who = person(5);
  const digits = who.phone.replace(/\D/g, "");
  await page.goto("/login");
  await page.locator("#f-phone").fill(who.phone);
  if (js) {
    await expect(page.locator("[data-work]")).toHaveAttribute("data-solved", "", { timeout: 30_000 });
    await expect(page.locator("#f-answer")).toHaveCount(0);
  } else {
    await expect(page.locator("img[alt*='Картинка']")).toBeVisible();
    await page.locator("#f-answer").fill("0");
    await send(page, "phone", js);
    await expect(page.locator("[data-form-error]")).toContainText("проверка от роботов");
    await expect(page.locator("#f-phone")).toHaveValue(who.phone);
    await shot(page, "challenge");
    await page.locator("#f-answer").fill(await inWords(page));
  }
  await send(page, "phone", js);
  await code(page, world, digits, js);
  await expect(page).not.toHaveURL(/\/login/);
  expect(text(await new Client(world.url).page("/login"))).not.toBe("");
  expect(Object.keys(await answered(new Client(world.url), "/login"))).toEqual(["challenge", "proof"]);
});

test("what is long ago is confirmed by a code before a card is changed", async ({ page, world, javaScriptEnabled }) => {
  const b = new Borrower(page, world, person(6), javaScriptEnabled ?? true);
  await page.goto("/login");
  await b.enter();
  await world.sandbox.advanceSeconds(61);
  await page.goto("/confirm?next=/security");
  await page.locator("main form button[type=submit]").first().click();
  await expect(page.locator("#f-code")).toBeVisible();
  await page.locator("#f-code").fill(await world.sandbox.sms(b.phoneDigits));
  await send(page, "code", b.js);
  await expect(page).toHaveURL(/\d\/security/);
});

test("a browser may put the code of an SMS in by itself @scripts", async ({ page, world }) => {
  const who = person(7);
  const digits = who.phone.replace(/\D/g, "");
  // The browser's own part: an SMS that has come, handed over when the page asks for it.
  await page.addInitScript(() => {
    Object.assign(window, { OTPCredential: class {} });
    const get = () => new Promise((resolve) => Object.assign(window, { smsHasCome: (code: string) => resolve({ code }) }));
    Object.defineProperty(navigator, "credentials", { value: { get } });
  });
  await page.goto("/login");
  await page.locator("#f-phone").fill(who.phone);
  await send(page, "phone", true);
  await expect(page).toHaveURL(/\/login\/code/);
  await expect(page.locator("form:has(#f-code)")).toHaveAttribute("data-live", "");
  const received = await world.sandbox.sms(digits);
  await page.evaluate((code) => (window as unknown as { smsHasCome: (code: string) => void }).smsHasCome(code), received);
  await expect(page).not.toHaveURL(/\/login/);
});
