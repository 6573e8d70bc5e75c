// What is known of a person, and what they can do about it: answers, consents, papers, the diary, another phone.
import { person } from "../support/borrower";
import { Client, liveLoan, refusal, registered } from "../support/http";
import { expect, test } from "../support/world";
import { enterAs } from "../support/session";

test.use({ expectedConsole: [/status of 4(03|09|22|29)/] });

/** A picture that every browser can draw: PNG of one colour is made by the page itself. */
async function picture(page: import("@playwright/test").Page): Promise<Buffer> {
  return page.screenshot({ type: "jpeg", clip: { x: 0, y: 0, width: 340, height: 400 } });
}

test("one's own data: corrected, taken back, photographed, asked to be closed; all of it in the diary", async ({
  page,
  world,
  shot,
}) => {
  const known = await registered(world, 1, { amount: 10_000, term: 20 });
  await enterAs(page, known.client);
  await page.goto("/profile");
  await expect(page.locator("#answers")).toContainText("Тестова");
  await shot(page, "profile");
  await page.goto("/profile/work");
  await page.locator("[name=income]").fill("95 000");
  await page.locator("main form button[type=submit].wide").click();
  await expect(page).toHaveURL(/\/profile$/);
  await page.goto("/papers");
  await page.locator("#f-file").setInputFiles({ name: "a.txt", mimeType: "image/jpeg", buffer: Buffer.from("no picture") });
  await page.locator("#upload button[type=submit]").click();
  await expect(page.locator("#f-file-error")).toContainText("JPEG");
  await page.locator("#f-file").setInputFiles({ name: "p.jpg", mimeType: "image/jpeg", buffer: await picture(page) });
  await page.locator("#upload button[type=submit]").click();
  await expect(page.locator("#papers li")).toHaveCount(1);
  await shot(page, "papers");
  const href = (await page.locator("#papers a").getAttribute("href")) ?? "";
  const own = await known.client.get(href);
  expect(own.status).toBe(200);
  expect(own.headers.get("x-content-type-options")).toBe("nosniff");
  expect(own.headers.get("content-disposition")).toContain("document.jpg");
  expect((await new Client(world.url).get(href)).status).toBe(404);
  await page.goto("/consents");
  await shot(page, "consents");
  await page.goto("/diary");
  await expect(page.locator("#diary [data-what=edited]")).toHaveCount(1);
  await expect(page.locator("#diary [data-what=upload_added]")).toHaveCount(1);
  await shot(page, "diary");
  await page.goto("/closing");
  await shot(page, "closing");
});

test("another number from outside holds the cabinet, which still reads and pays, until its owner calls it off", async ({
  page,
  world,
  shot,
}) => {
  const { client, loan, who } = await liveLoan(world, 1);
  await page.goto("/login");
  await page.locator("#phone-changed").click();
  await expect(page).toHaveURL(/\/phone-change$/);
  await page.locator("#f-old_phone").fill(who.phone);
  await page.locator("#f-phone").fill("+79005557788");
  await page.locator("#f-passport").fill(who.passport);
  await page.locator("#f-birth_date").fill(who.birthDate);
  await shot(page, "phone-change");
  await page.locator("form:has(#f-old_phone) button[type=submit]").click();
  await expect(page).toHaveURL(/\/login\/code/);
  await page.locator("#f-code").fill(await world.sandbox.sms("79005557788"));
  await page.locator("form:has(#f-code) button[type=submit]").click();
  await expect(page).toHaveURL(/\/phone-change\/status/);
  await expect(page.locator("#request")).toHaveAttribute("data-state", "open");
  await shot(page, "phone-change-status");
  await world.sandbox.next(who.phone.replace(/\D/g, ""), /сменить номер/);
  expect((await client.get(`/loans/${loan}`)).status).toBe(200);
  const refused = await client.post("profile/work", { employer: "ООО «Ромашка»" });
  expect(refused.status).toBe(403);
  expect(refusal(refused).reason).toBe("cabinet_held");
  await client.done("request/cancel");
  expect((await client.get("/profile")).status).toBe(200);
  expect(person(1).phone).toBe(who.phone);
});
