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
  await test.step("a consent is taken back after what it costs was said", async () => {
    await page.goto("/consents");
    await shot(page, "consents");
    const consent = page.locator("[data-consent=bureau]");
    await expect(consent).toHaveAttribute("data-given", "true");
    await consent.locator("summary").click();
    await expect(consent.locator("details")).toContainText("Новую заявку мы не сможем рассмотреть");
    await consent.getByRole("button").click();
    await expect(consent).toHaveAttribute("data-given", "false");
    await expect(consent.locator("details")).toHaveCount(0);
    await expect(consent.getByRole("link")).toHaveAttribute("href", "/legal/bureau");
    // Whoever wants a loan after all is asked again, and nothing else.
    await page.goto("/apply/review");
    await expect(page).toHaveURL(/\/apply\/consents$/);
    await expect(page.locator("#f-consent_bureau")).not.toBeChecked();
    await expect(page.locator("#f-consent_personal_data")).toHaveCount(0);
    await expect(page.locator("#given")).toContainText("вы уже дали");
  });
  await page.goto("/diary");
  await expect(page.locator("#diary [data-what=edited]")).toHaveCount(1);
  await expect(page.locator("#diary [data-what=upload_added]")).toHaveCount(1);
  await shot(page, "diary");
  await expect(page.locator("#diary [data-what=consent_revoked]")).toHaveCount(1);
  await test.step("the cabinet is asked to be closed after what it costs was said, and the word is taken back", async () => {
    await page.goto("/profile");
    await page.locator("a[href='/closing']").click();
    await expect(page.locator("#closing-costs li")).not.toHaveCount(0);
    await shot(page, "closing");
    await page.locator("#close").click();
    await expect(page.locator("#f-understood-error")).toBeVisible();
    await page.locator("#f-understood").check();
    await page.locator("#close").click();
    const request = page.locator("#request");
    await expect(request).toHaveAttribute("data-state", "open");
    await shot(page, "closing-asked");
    await world.sandbox.next(known.phone, /закрытие кабинета/);
    await page.locator("#cancel-request").click();
    await expect(request).toHaveCount(0);
    await page.goto("/closing");
    await expect(page.locator("#close")).toBeVisible();
  });
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
