// У Соседа: what happens when a number changes.
import { Client, liveLoan, refusal } from "../../support/http";
import { expect, ofLender } from "../../support/lenders";
import { comesInBy, twoAgree } from "../../support/requests";
import { enterAs } from "../../support/session";

const test = ofLender("usoseda");

test("the phone can't be changed by oneself: a request at the office, by hotline or e-mail; while it is processed the cabinet can't be used (R33-36)", async ({
  browser,
  page,
  world,
  shot,
  borrower,
}) => {
  test.setTimeout(180_000);
  const { client, loan, who } = await liveLoan(world, 21, { amount: 10_000, term: 20 });
  const b = borrower(who);
  const NEW = "+79005550021";
  await test.step("the page of help says where, with what, and what it costs meanwhile", async () => {
    await page.goto("/help");
    const change = page.locator("#phone-change");
    await expect(change).toContainText("меняет его специалист");
    await expect(change).toContainText("Офис: 603000, г. Нижний Новгород, ул. Соседская, д. 2");
    await expect(change.locator("a[href='tel:88000000002']")).toBeVisible();
    await expect(change.locator("a[href='mailto:help@usoseda.example']")).toBeVisible();
    await expect(change).toContainText("кабинетом пользоваться нельзя");
    await shot(page, "help");
  });
  await test.step("from inside nothing changes alone: it becomes a request", async () => {
    await enterAs(page, client);
    await page.goto("/phone");
    await expect(page.locator("#phone-alone")).toHaveCount(0);
    await expect(page.locator("#phone-offer")).toHaveCount(0);
    await expect(page.locator("#phone-rules")).toContainText("кабинетом пользоваться нельзя");
    await page.locator("#f-phone").fill(NEW);
    await b.send("phone");
    await page.locator("#f-code").fill(await world.sandbox.sms(NEW.slice(1)));
    await b.send("code");
    await expect(page.locator("#request")).toHaveAttribute("data-state", "open");
    await world.sandbox.next(b.phoneDigits, /сменить номер/);
  });
  await test.step("the cabinet can't be used: no page, no payment, no other request", async () => {
    for (const path of ["/cabinet", `/loans/${loan}`, `/loans/${loan}/pay`, "/profile", "/security", "/documents"]) {
      await page.goto(path);
      await expect(page, path).toHaveURL(/\/hold/);
    }
    await expect(page.locator("main")).toContainText(/номер/);
    await shot(page, "held");
    const refused = await client.post("payment/start", { loan, key: crypto.randomUUID(), what: "payoff", amount: "" });
    expect(refused.status).toBe(403);
    expect(refusal(refused).reason).toBe("cabinet_closed");
    // What the law and the contract leave is told: how to pay without the cabinet.
    await page.goto("/hold");
    await expect(page.locator("main")).toContainText(/8.800.000-00-02/);
  });
  await test.step("two of the staff agree, the old number has its day to object, then the new one opens the cabinet", async () => {
    await twoAgree(browser, world, ["passport"]);
    await comesInBy(b, NEW);
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#debt")).toBeVisible();
    // The old number opens nothing of it any more.
    const old = new Client(world.url);
    await world.sandbox.skip(b.phoneDigits);
    await old.done("access/request-code", { phone: who.phone });
    await old.done("access/verify-code", { code: await world.sandbox.sms(b.phoneDigits) });
    expect((await old.get(`/loans/${loan}`)).status).not.toBe(200);
  });
});
