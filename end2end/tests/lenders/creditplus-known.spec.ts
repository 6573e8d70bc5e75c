// CreditPlus: what to have ready, another number, the end of a cabinet.
import { liveLoan, refusal, registered, signIn } from "../../support/http";
import { choice, expect, ofLender } from "../../support/lenders";
import { askedFromOutside, comesInBy, twoAgree } from "../../support/requests";
import { enterAs } from "../../support/session";

const test = ofLender("creditplus");

test("a list «what you will need» stands before the first form, which asks for no e-mail and no password (R13)", async ({ page, shot }) => {
  await page.goto(`/apply${choice("short", 10_000, 20).slice(1)}`);
  await expect(page.locator("#needed")).toContainText("Паспорт");
  await page.goto("/register");
  const needed = page.locator("#needed");
  for (const what of ["Паспорт", "Телефон под рукой", "Карта на ваше имя"]) await expect(needed).toContainText(what);
  await expect(page.locator("#need-email")).toHaveCount(0);
  const [list, form] = await Promise.all([needed.boundingBox(), page.locator("#f-phone").boundingBox()]);
  expect(list && form && list.y < form.y).toBe(true);
  await expect(page.locator("#f-email, input[type=password]")).toHaveCount(0);
  await shot(page, "needed");
});

test("phone changed by support with identity verification, passport at hand (R34-35)", async ({ browser, page, world, shot, borrower }) => {
  test.setTimeout(180_000);
  const { loan, who } = await liveLoan(world, 75, { amount: 10_000, term: 20 });
  const b = borrower(who);
  const NEW = "+79005550075";
  await page.goto("/help");
  await expect(page.locator("#phone-change")).toContainText("Понадобится: номер паспорта.");
  await expect(page.locator('#phone-change a[href^="tel:"]')).toHaveAttribute("href", "tel:88000000004");
  await test.step("the old number is gone: asked from outside, with the passport at hand", async () => {
    await page.goto("/phone-change");
    await expect(page.locator("#phone-rules")).toContainText("номер паспорта");
    await askedFromOutside(b, NEW);
    await shot(page, "phone-asked");
    await world.sandbox.next(b.phoneDigits, /сменить номер/);
  });
  await test.step("support compares the passport, another agrees, and the new number opens the cabinet", async () => {
    await twoAgree(browser, world, ["passport"]);
    await comesInBy(b, NEW);
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#debt")).toBeVisible();
  });
});

test("no account deletion; deactivation through support, which costs the bonuses and fast applications — said before confirming (R81-82)", async ({
  browser,
  page,
  world,
  shot,
  borrower,
}) => {
  test.setTimeout(180_000);
  const known = await registered(world, 76, { amount: 10_000, term: 20 });
  const b = borrower(known.who);
  await test.step("nothing deletes a cabinet, and the page of help says so", async () => {
    await page.goto("/help");
    await expect(page.locator("#closing")).toContainText("Удалить кабинет одной кнопкой нельзя");
    await expect(page.locator("#closing-costs")).toHaveText("Пропадут бонусы и быстрые повторные заявки.");
  });
  await test.step("asked in the cabinet: what it costs is said first, and has to be ticked", async () => {
    await enterAs(page, known.client);
    await page.goto("/profile");
    await page.locator("a[href='/closing']").click();
    await expect(page.locator("#closing-own")).toHaveText("Пропадут бонусы и быстрые повторные заявки.");
    await shot(page, "closing");
    await page.locator("#close").click();
    await expect(page.locator("#f-understood-error")).toBeVisible();
    await page.locator("#f-understood").check();
    await page.locator("#close").click();
    await expect(page.locator("#request")).toHaveAttribute("data-state", "open");
    expect((await known.client.get("/cabinet")).status, "until support has answered the cabinet is there").toBe(200);
  });
  await test.step("support closes it; whoever signs in reads that it is closed, and applies for nothing", async () => {
    await twoAgree(browser, world, []);
    await page.context().clearCookies();
    await world.sandbox.advanceSeconds(61);
    const again = await signIn(world, known.who.phone, known.client);
    await enterAs(page, again);
    await page.goto("/cabinet");
    // Its devices are forgotten with a cabinet: the passport's tail once more, and then what is left.
    await b.prove();
    await page.goto("/cabinet");
    await expect(page).toHaveURL(/\/hold/);
    await expect(page.locator("#ended")).toBeVisible();
    await shot(page, "closed");
    const refused = await again.post("application/choose", { product: "short", amount: "10000", term: "20" });
    expect(refused.status).toBe(403);
    expect(refusal(refused).reason).toBe("cabinet_ended");
  });
});
