// What a borrower is told and where: the choice of channels and quiet hours, the list, its bell, each notice once.
import { liveLoan, noon, text } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

test.use({ expectedConsole: [/status of 422/] });

test("channels and quiet hours are chosen, and the morning of the due day tells once, by night nobody", async ({
  page,
  world,
  shot,
}) => {
  await noon(world);
  const { client, phone } = await liveLoan(world, 1, { amount: 10_000, term: 10 });
  await enterAs(page, client);
  const bell = page.locator("#bell");
  const unread = async () => Number(await bell.getAttribute("data-unread"));
  const messages = async () => (await world.sandbox.messages(phone)).map((one) => one.text);
  // A sweep runs every few seconds: what it has to say has been said by then.
  const quietly = () => new Promise((done) => setTimeout(done, 6000));

  await test.step("the money on its way is told and waits to be read", async () => {
    await page.goto("/cabinet");
    await expect(bell).toHaveAttribute("aria-label", /непрочитан/);
    await bell.click();
    await expect(page).toHaveURL(/\/notices$/);
    await expect(page.locator("#notices [data-event=payout][data-read=false]")).toHaveCount(1);
    await shot(page, "notices");
    await page.locator("#read").click();
    await expect(page.locator("#read")).toHaveCount(0);
    expect(await unread()).toBe(0);
    await expect(page.locator("#notices [data-read=false]")).toHaveCount(0);
  });

  await test.step("what the law wants can't be switched off, and the page says why", async () => {
    await expect(page.locator("[value='sms.overdue']")).toBeDisabled();
    await expect(page.locator("[value='sms.overdue']")).toBeChecked();
    await expect(page.locator("[value='inapp.receipt']")).toBeDisabled();
    await expect(page.locator("#choices")).toContainText("закон");
    expect((await client.post("profile/notices", { "on[0]": "sms.nothing", quiet_from: "22", quiet_until: "9" })).status).toBe(422);
    await page.locator("#f-quiet_from").selectOption("9");
    await page.locator("#f-quiet_until").selectOption("20");
    await page.locator("#choices button[type=submit]").click();
    await expect(page.locator("#f-quiet_until-error")).toContainText("короче");
    await expect(page.locator("#f-quiet_from")).toHaveValue("9");
    await shot(page, "notices-refused");
  });

  await test.step("no SMS of tomorrow's payment, quiet until eleven", async () => {
    await page.locator("[value='sms.due_1']").uncheck();
    await page.locator("#f-quiet_from").selectOption("21");
    await page.locator("#f-quiet_until").selectOption("11");
    await page.locator("#choices button[type=submit]").click();
    await expect(page.locator("[role=status]").filter({ hasText: "Сохранено" })).toBeVisible();
    await page.goto("/notices");
    await expect(page.locator("[value='sms.due_1']")).not.toBeChecked();
    await expect(page.locator("[value='sms.due_0']")).toBeChecked();
    await expect(page.locator("#f-quiet_until")).toHaveValue("11");
    await world.sandbox.advanceDays(9);
    await expect.poll(async () => text(await client.page("/notices")), { timeout: 20_000 }).toContain("завтра,");
    expect((await messages()).filter((told) => told.includes("завтра,"))).toHaveLength(0);
  });

  await test.step("the due day begins at midnight, its message comes in the morning, once", async () => {
    const now = await world.sandbox.now();
    const moscow = (now.getUTCHours() + 3) % 24;
    const toMidnight = (24 - moscow) * 3600 - now.getUTCMinutes() * 60;
    await world.sandbox.advanceSeconds(toMidnight + 600);
    await expect.poll(async () => text(await client.page("/notices")), { timeout: 20_000 }).toContain("сегодня платёж");
    await quietly();
    const today = async () => (await messages()).filter((told) => told.includes("сегодня платёж"));
    expect(await today()).toHaveLength(0);
    await page.goto("/notices");
    await page.locator("#ledger summary").click();
    await expect(page.locator("#ledger")).toContainText("тихие часы");
    await shot(page, "notices-waiting");
    await world.sandbox.advanceSeconds(11 * 3600);
    await expect.poll(today, { timeout: 20_000 }).toHaveLength(1);
    await quietly();
    expect(await today()).toHaveLength(1);
    await page.goto("/notices");
    await expect(page.locator("#notices [data-event=due_0]")).toHaveCount(1);
    await expect(page.locator("#ledger li[data-channel=sms][data-ended=sent]").first()).toBeAttached();
    expect(await unread()).toBeGreaterThanOrEqual(2);
  });
});
