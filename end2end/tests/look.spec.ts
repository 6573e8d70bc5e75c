// How the cabinet looks and speaks: themes, languages, large text, what the back button keeps, drawings in words.
import { type Page } from "@playwright/test";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { violations } from "../support/axe";
import { expectFits, lostWhenLarge } from "../support/fits";
import { approved, Client, liveLoan, registered } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

const LENDERS = readdirSync(resolve(__dirname, "../../lenders"))
  .filter((file) => file.endsWith(".toml"))
  .map((file) => file.replace(".toml", ""));

/** The colour behind the page: what a theme comes down to. */
const ground = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const LIGHT = "rgb(244, 245, 242)";
const DARK = "rgb(14, 19, 17)";

test("the theme is the system's until another is chosen, and the choice stays", async ({ page, shot }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/login");
  expect(await ground(page)).toBe(DARK);
  const button = (name: string) => page.locator("#look").getByRole("button", { name });
  await expect(button("Как в системе")).toHaveAttribute("aria-pressed", "true");

  await button("Светлая").click();
  await expect.poll(() => ground(page)).toBe(LIGHT);
  await expect(button("Светлая")).toHaveAttribute("aria-pressed", "true");
  await expect(button("Как в системе")).toHaveAttribute("aria-pressed", "false");
  // On every page, also the landing, and after the browser was away.
  await expect
    .poll(async () => (await page.context().cookies()).find(({ name }) => name === "__Host-theme")?.value)
    .toBe("light");
  await page.goto("/");
  expect(await ground(page)).toBe(LIGHT);
  await shot(page, "light-in-a-dark-system");

  await page.emulateMedia({ colorScheme: "light" });
  await button("Тёмная").click();
  await expect.poll(() => ground(page)).toBe(DARK);
  // Chosen on the landing, which has a query and an end: the person is back where they were.
  await expect(page).toHaveURL(/\/#look$/);
  await button("Как в системе").click();
  await expect.poll(() => ground(page)).toBe(LIGHT);
  expect((await page.context().cookies()).map(({ name }) => name)).not.toContain("__Host-theme");
});

test("the language is chosen by a plain form, and the page stays the same page", async ({ page, shot }) => {
  await page.goto("/?product=short&amount=20000&term=21");
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  await page.locator("#look").getByRole("button", { name: "English" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page).toHaveURL(/\?product=short&amount=20000&term=21#look$/);
  await expect(page.locator("#total")).toHaveAttribute("data-kopecks", "2336000");
  await expect(page.locator("#apply")).toContainText("20 000");
  await shot(page, "english");
  await page.goto("/login");
  await expect(page.locator("h1")).toHaveText("Sign in");
  // Sums and moments are written alike in both languages.
  await expect(page.locator("main")).not.toContainText(/[а-яё]{3}/i);
  await page.locator("#look").getByRole("button", { name: "Русский" }).click();
  await expect(page.locator("h1")).toHaveText("Вход");
});

test("text twice as large loses nothing on the narrowest phone", async ({ page, world }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  const large = async (path: string) => {
    await page.goto(path);
    expect(await lostWhenLarge(page)).toEqual([]);
  };
  for (const path of ["/", "/?product=long&amount=100000&term=12", "/login", "/legal/general_terms", "/apply?product=short&amount=20000&term=21"]) {
    await large(path);
  }
  const known = await registered(world, 3);
  await enterAs(page, known.client);
  for (const path of ["/cabinet", "/apply/passport", "/apply/work", "/apply/review"]) await large(path);
  const { client, loan } = await liveLoan(world, 4);
  await page.context().clearCookies();
  await enterAs(page, client);
  await world.sandbox.advanceDays(10);
  for (const path of [`/loans/${loan}`, `/loans/${loan}/pay`, `/loans/${loan}/prolong`]) await large(path);
});

test("typing that one person left is not shown to the next @scripts", async ({ page, world }) => {
  await enterAs(page, (await registered(world, 1)).client);
  await page.goto("/apply/work");
  const form = page.locator("form:has(#f-employer)");
  await expect(form).toHaveAttribute("data-live", "");
  await page.locator("#f-employer").fill("ООО «Лютик»");
  // The session has run out, nobody pressed «leave»; another signs in on the same device.
  await page.context().clearCookies();
  await enterAs(page, (await registered(world, 2)).client);
  await page.goto("/apply/work");
  await expect(form).toHaveAttribute("data-live", "");
  // The server says the same of both, so only the name of the person keeps them apart.
  await expect(page.locator("#f-employer")).toHaveValue("ООО «Ромашка»");
});

test("typing outlives the back button and a reload; a code never does @scripts", async ({ page, world }) => {
  const known = await registered(world, 1);
  await enterAs(page, known.client);
  await page.goto("/apply/work");
  const form = page.locator("form:has(#f-employer)");
  await expect(form).toHaveAttribute("data-live", "");
  await page.locator("#f-employer").fill("ООО «Лютик»");
  await page.locator("#f-position").fill("садовник");

  await page.reload();
  await expect(page.locator("#f-employer")).toHaveValue("ООО «Лютик»");
  await page.goto("/cabinet");
  await page.goBack();
  await expect(page.locator("#f-employer")).toHaveValue("ООО «Лютик»");
  await expect(page.locator("#f-position")).toHaveValue("садовник");

  await test.step("once sent, what the server knows is newer", async () => {
    await expect(form).toHaveAttribute("data-live", "");
    await form.locator("button.wide").click();
    await expect(page).not.toHaveURL(/\/apply\/work/);
    await known.client.done("profile/work", {
      employer: "ООО «Ромашка»",
      position: "бухгалтер",
      income: "80000",
      expenses: "30000",
      email: known.who.email,
    });
    await page.goto("/apply/work");
    await expect(page.locator("#f-employer")).toHaveValue("ООО «Ромашка»");
  });

  await test.step("a code is a secret", async () => {
    await page.context().clearCookies();
    const visitor = new Client(world.url);
    await visitor.done("access/request-code", { phone: "+79001239876" });
    await enterAs(page, visitor);
    await page.goto("/login/code");
    await page.locator("#f-code").fill("123456");
    const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    expect(stored).not.toContain("123456");
    await page.reload();
    await expect(page.locator("#f-code")).toHaveValue("");
  });
});

test("what is typed into a form that only asks outlives a reload and the way back @scripts", async ({ page, world }) => {
  const { client, loan } = await liveLoan(world, 1);
  await enterAs(page, client);
  await world.sandbox.advanceDays(3);
  /** Types, goes away, comes back, loads anew; then opens the page by its address, which begins anew. */
  const kept = async (path: string, selector: string, typed: string) => {
    const field = page.locator(selector);
    await page.goto(path);
    const served = await field.inputValue();
    await page.evaluate(() => document.querySelectorAll("main details").forEach((it) => it.setAttribute("open", "")));
    await field.fill(typed);
    await page.goto("/accessibility");
    await page.goBack();
    await expect(field, path).toHaveValue(typed);
    await expect(field, path).toBeVisible();
    await page.reload();
    await expect(field, path).toHaveValue(typed);
    await page.goto("/accessibility");
    await page.goto(path);
    await expect(field, path).toHaveValue(served);
  };
  await kept(`/loans/${loan}`, "#date-form input", "2026-12-31");
  await kept(`/loans/${loan}/early`, "#f-amount", "7 000");
  await kept(`/loans/${loan}/transfer`, "#date-form input", "2026-12-31");
  await kept(`/loans/${loan}/prolong`, "#f-days", "19");
  await kept("/help", "#search input", "справка");
  await kept("/i", "#f-code", "ABCD2345");
  await kept("/verify", "#f-hash", "0123456789abcdef");

  await test.step("the slider comes back with its number, and − and + are kept as well", async () => {
    await page.goto(`/loans/${loan}/prolong`);
    await page.locator("#days-form input[type=range]").fill("21");
    await page.getByRole("button", { name: "Меньше на день" }).click();
    await page.reload();
    await expect(page.locator("#f-days")).toHaveValue("20");
    await expect(page.locator("#days-form input[type=range]")).toHaveValue("20");
  });

  await test.step("a chosen file is nobody's to keep", async () => {
    await page.goto("/verify");
    await page.locator("#f-file").setInputFiles({ name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from("x") });
    expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain("a.pdf");
  });
});

test("the calculator is as it was left after going on and coming back @scripts", async ({ page }) => {
  await page.goto("/");
  await expect(page.locator("#calculator")).toHaveAttribute("data-live", "");
  await page.locator("#amount").fill("12 000");
  await page.locator("#term").fill("25");
  await page.locator("#term").blur();
  await page.locator("#apply").click();
  await expect(page).toHaveURL(/\/apply\?/);
  await page.goBack();
  await expect(page.locator("#amount")).toHaveValue(/12.000/);
  await expect(page.locator("#total")).toHaveAttribute("data-kopecks", "1440000");
  await page.reload();
  await expect(page.locator("#total")).toHaveAttribute("data-kopecks", "1440000");
});

test("sums are set apart by thousands, and a number is stepped and slid @scripts", async ({ page, world }) => {
  const { client, loan } = await liveLoan(world, 1);
  await enterAs(page, client);
  await page.goto(`/loans/${loan}/pay?what=sum`);
  await page.locator("#f-amount").fill("12345.5");
  await page.locator("#f-amount").blur();
  await expect(page.locator("#f-amount")).toHaveValue("12\u00a0345,5");
  await world.sandbox.advanceDays(3);
  await page.goto(`/loans/${loan}/prolong`);
  const days = page.locator("#f-days");
  await expect(days).toHaveValue("14");
  await page.getByRole("button", { name: "Больше на день" }).click();
  await expect(days).toHaveValue("15");
  await page.locator("#days-form input[type=range]").fill("20");
  await expect(days).toHaveValue("20");
  await page.locator("#days-form button.second").click();
  await expect(page.locator("#preview")).toHaveAttribute("data-days", "20");
});

test("days of a prolongation are stepped without scripts as well", async ({ page, world, javaScriptEnabled }) => {
  const { client, loan } = await liveLoan(world, 1);
  await enterAs(page, client);
  await world.sandbox.advanceDays(3);
  await page.goto(`/loans/${loan}/prolong?days=14`);
  await page.getByRole("button", { name: "Меньше на день" }).click();
  if (javaScriptEnabled ?? true) await page.locator("#days-form button.second").click();
  await expect(page.locator("#preview")).toHaveAttribute("data-days", "13");
});

test("every drawing says in words and figures what it shows", async ({ page, world, shot }) => {
  const { client, loan } = await liveLoan(world, 1);
  await enterAs(page, client);
  await world.sandbox.advanceDays(10);
  await page.goto(`/loans/${loan}`);
  const drawings = page.locator("main svg[role=img]");
  await expect(drawings).toHaveCount(3);
  for (const drawing of await drawings.all()) {
    const name = await drawing.evaluate((svg) => {
      const ids = (svg.getAttribute("aria-labelledby") ?? "").split(" ");
      const titled = ids.map((id) => svg.ownerDocument.getElementById(id)?.textContent ?? "").join(" ");
      return svg.getAttribute("aria-label") ?? titled;
    });
    expect(name.trim()).toMatch(/\d/);
  }
  await expect(page.locator("#chart desc")).toHaveText(/Сегодня 21.600,00.₽.*24.800,00.₽/);
  await page.locator("#chart-numbers summary").click();
  const today = page.locator("#chart-numbers tr[data-status=today] [data-kopecks]");
  await expect(today).toHaveAttribute("data-kopecks", await page.locator("#debt").getAttribute("data-kopecks") ?? "");
  // Every row of the table adds up to what closes the loan that day.
  const wrong = await page.locator("#chart-numbers tbody tr").evaluateAll((rows) => {
    const kopecks = (text: string | null) => Number((text ?? "").replace(/[^\d]/g, ""));
    return rows
      .map((row) => [...row.querySelectorAll("td")].map((cell) => kopecks(cell.textContent)))
      .filter(([principal = 0, interest = 0, penalty = 0, payoff = 0]) => principal + interest + penalty !== payoff);
  });
  expect(wrong).toEqual([]);
  await expectFits(page);
  await shot(page, "drawn");
});

test("a refusal that can't be taken back is asked about first, without scripts as well", async ({ page, world }) => {
  const { client, contract } = await approved(world, 1);
  await enterAs(page, client);
  await page.goto(`/offer/${contract}`);
  const dialog = page.locator("#cancel-dialog");
  await expect(dialog).toBeHidden();
  await page.locator("#cancel-dialog-open").click();
  await expect(dialog).toBeVisible();
  await expect(dialog).toHaveAccessibleName("Отказаться от займа?");
  await page.getByRole("button", { name: "Не отказываться" }).click();
  await expect(dialog).toBeHidden();
  await page.locator("#cancel-dialog-open").click();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.locator("#offer")).toHaveAttribute("data-status", "offered");
});

test("what was done is said once on the next page", async ({ page, world }) => {
  const { client } = await registered(world, 1);
  await enterAs(page, client);
  await page.goto("/cabinet");
  await page.locator("#sign-out").click();
  await expect(page.locator("p.toast")).toHaveText("Вы вышли из кабинета.");
  await page.goto("/login");
  await expect(page.locator("p.toast")).toHaveCount(0);
});

test.describe("a slow connection", () => {
  // Its own requests can't be slowed down from here.
  test.use({ serviceWorkers: "block", expectedConsole: [/blocked by Playwright/] });

  test("a step that takes longer than a second says that it is on its way @scripts", async ({ page }) => {
    await page.goto("/login");
    await page.route(/:\d+\/$/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await route.continue();
    });
    // Asked inside the page: from outside it can't be looked at while the next one is awaited.
    const seen = await page.evaluate(async () => {
      const root = document.documentElement;
      const shown = () => Number(getComputedStyle(root, "::before").scale.split(" ")[0]);
      document.querySelector<HTMLElement>(".logo")?.click();
      await new Promise((resolve) => setTimeout(resolve, 300));
      const early = [root.dataset.leaving, shown()];
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { early, late: shown() };
    });
    expect(seen.early).toEqual(["", 0]);
    expect(seen.late).toBeGreaterThan(0);
    await expect(page.locator("#calculator")).toBeVisible();
    await expect(page.locator("html")).not.toHaveAttribute("data-leaving", "");

    // The landing says it too; a file that is only taken is no step anywhere.
    const leaving = (download: string) =>
      page.evaluate((name) => {
        const link = Object.assign(document.createElement("a"), { href: "/questions", textContent: "…" });
        if (name) link.download = name;
        document.body.append(link);
        addEventListener("click", (event) => event.preventDefault(), { once: true });
        link.click();
        const said = "leaving" in document.documentElement.dataset;
        delete document.documentElement.dataset.leaving;
        return said;
      }, download);
    expect(await leaving("")).toBe(true);
    expect(await leaving("paper.pdf")).toBe(false);
  });
});

test("the page of components: every brand in both themes, in development only @scripts", async ({ page, world, shot }) => {
  test.setTimeout(240_000);
  for (const brand of LENDERS) {
    await page.goto(`/ui?brand=${brand}`);
    await expect(page.locator("nav[aria-label=brands] a")).toHaveCount(LENDERS.length);
    await expect(page.locator("nav[aria-label=brands] [aria-current]")).toHaveText(brand);
    for (const set of ["ru-light", "ru-dark", "en-light", "en-dark"]) {
      await expect(page.locator(`#set-${set} [data-specimen]`)).toHaveCount(37);
    }
    expect(await violations(page)).toEqual([]);
    await expectFits(page);
    await shot(page, `ui-${brand}`);
  }
  await world.restart({ KOPECK_DEVELOPMENT: "false" });
  const answer = await page.request.get("/ui");
  expect(answer.status()).toBe(404);
  const brands = await page.request.get("/brand.css?lender=nobody");
  expect(await brands.text()).toBe(await (await page.request.get("/brand.css")).text());
});
