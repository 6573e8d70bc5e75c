// Кредит 911: what to have ready, the page before a decision, and both ways to sign in.
import { Borrower, person } from "../../support/borrower";
import { approved, attribute, Client, decided, refusal, registered, signIn } from "../../support/http";
import { choice, expect, ofLender } from "../../support/lenders";
import { enterAs } from "../../support/session";

const test = ofLender("credit911");
const PASSWORD = "двенадцать облаков";

test("a list «what you will need» stands before the first form, which asks for no password (R13)", async ({ page, shot }) => {
  await page.goto(`/apply${choice("short", 10_000, 20).slice(1)}`);
  await expect(page.locator("#needed")).toContainText("Паспорт");
  await page.goto("/register");
  const needed = page.locator("#needed");
  for (const what of ["Паспорт", "Телефон под рукой", "Карта на ваше имя"]) await expect(needed).toContainText(what);
  const [list, form] = await Promise.all([needed.boundingBox(), page.locator("#f-phone").boundingBox()]);
  expect(list && form && list.y < form.y).toBe(true);
  await expect(page.locator("#f-email")).toBeVisible();
  await expect(page.locator("input[type=password]")).toHaveCount(0);
  await shot(page, "needed");
});

test("before a decision phone + code opens a page with only the draft, the status and a refusal's reason (R24, R42)", async ({
  page,
  world,
  shot,
  borrower,
}) => {
  const known = await registered(world, 191, { amount: 10_000, term: 20 });
  const b = borrower(known.who);
  const closed = async (client: Client) => {
    for (const path of ["/profile", "/security", "/papers", "/diary", "/closing", "/phone", "/documents", "/bonuses"]) {
      await page.goto(path);
      await expect(page, path).toHaveURL(/\/cabinet$/);
    }
    const refused = await client.post("access/end-others");
    expect([refused.status, refusal(refused).reason]).toEqual([403, "cabinet_unopened"]);
  };
  await test.step("the draft", async () => {
    await enterAs(page, known.client);
    await page.goto("/cabinet");
    await expect(page.locator("#unopened")).toBeVisible();
    await page.goto("/apply/review");
    await expect(page.locator("#submit")).toBeVisible();
    await closed(known.client);
  });
  await test.step("a refusal's reason, by phone and code on a device that was here before", async () => {
    await world.sandbox.call("PUT", `/bureau/people/${known.who.inn}`, { self_ban: true });
    await decided(known);
    await page.context().clearCookies();
    await world.sandbox.advanceSeconds(61);
    const again = await signIn(world, known.who.phone, known.client);
    await enterAs(page, again);
    await page.goto("/cabinet");
    await expect(page.locator("#under-way")).toHaveAttribute("data-status", "refused");
    await expect(page.locator("#reasons li")).not.toHaveCount(0);
    await expect(page.locator("#unopened")).toBeVisible();
    await shot(page, "refused");
    await closed(again);
    expect(b.who.phone).toBe(known.who.phone);
  });
});

test("sign-in by e-mail + password if an e-mail was given; if only a phone, by a one-time code on each attempt (R25-26)", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  test.setTimeout(180_000);
  const js = javaScriptEnabled ?? true;
  const leave = async () => {
    await page.context().clearCookies({ name: "__Host-session" });
    await world.sandbox.advanceSeconds(61);
  };
  await test.step("with an e-mail: the password of the approval's SMS, replaced at its first use, then the new one", async () => {
    const known = await registered(world, 192, { amount: 10_000, term: 20 });
    const b = new Borrower(page, world, known.who, js);
    const letter = await world.sandbox.next(b.who.email, /подтвердить этот адрес/, 10_000, "email");
    await known.client.done("access/confirm-email", { token: letter.text.match(/token=(\S+)/)?.[1] ?? "" });
    await decided(known);
    const { text } = await world.sandbox.next(known.phone, /Пароль для входа/, 20_000);
    const [, password = ""] = text.match(/входа ([a-z0-9]{10})/) ?? [];
    await world.sandbox.advanceSeconds(61);
    await page.goto("/login");
    await page.locator("#f-email").fill(b.who.email);
    await page.locator("#f-password").fill(password);
    await shot(page, "sign-in");
    await b.send("password");
    await b.code();
    await expect(page).toHaveURL(/\/password\/new/);
    await page.locator("#f-password").fill(PASSWORD);
    await b.send("password");
    await expect(page).not.toHaveURL(/\/password|\/login/);
    for (const [typed, right] of [["не тот пароль", false], [password, false], [PASSWORD, true]] as const) {
      await leave();
      await page.goto("/login");
      await page.locator("#f-email").fill(b.who.email);
      await page.locator("#f-password").fill(typed);
      await b.send("password");
      if (right) await expect(page).not.toHaveURL(/\/login|\/proof/);
      else await expect(page.locator("#f-password-error")).toContainText("не подошли");
    }
    await page.goto("/cabinet");
    await expect(page.locator("#under-way, #application, main")).not.toHaveCount(0);
  });
  await test.step("only a phone: a code at each attempt, a new one each time, also where the device is known and the cabinet open", async () => {
    await page.context().clearCookies();
    const who = { ...person(193), email: "" };
    const b = new Borrower(page, world, who, js);
    const client = await signIn(world, who.phone);
    await client.done("application/choose", { product: "short", amount: "10000", term: "20" });
    const opened = await approved(world, 194, { amount: 10_000, term: 20 });
    expect(attribute(await opened.client.page("/application"), "application", "data-status")).toBe("approved");
    const codes: string[] = [];
    for (let time = 0; time < 3; time += 1) {
      await leave();
      await page.goto("/login");
      await page.getByRole("link", { name: "Войти по телефону" }).click();
      await expect(page.locator("input[type=password]")).toHaveCount(0);
      await page.locator("#f-phone").fill(who.phone);
      await b.send("phone");
      codes.push(await b.code());
      await expect(page).toHaveURL(/\/cabinet$/);
    }
    expect(new Set(codes).size).toBe(3);
    // A code that opened once opens nothing again.
    await leave();
    await page.goto("/login");
    await page.getByRole("link", { name: "Войти по телефону" }).click();
    await page.locator("#f-phone").fill(who.phone);
    await b.send("phone");
    await page.locator("#f-code").fill(codes[0] ?? "");
    await b.send("code");
    await expect(page.locator("#f-code-error")).toBeVisible();
  });
});
