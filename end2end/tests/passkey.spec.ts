// Passkeys with Chromium's virtual authenticator.
import type { CDPSession, Page } from "@playwright/test";
import { Borrower, person } from "../support/borrower";
import { Client, refusal, registered, signIn } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

test.use({ host: "localhost", expectedConsole: [/status of 4(03|09|22)/] });

type Authenticator = { cdp: CDPSession; id: string };

/** A device that keeps keys and knows its owner. */
async function authenticator(page: Page): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable", { enableUI: false });
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, id: authenticatorId };
}

async function keys({ cdp, id }: Authenticator) {
  return (await cdp.send("WebAuthn.getCredentials", { authenticatorId: id })).credentials;
}

/** The browser offers a key by itself while the page of signing in is open: here it does not. */
async function withoutOffers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
}

test("a passkey is added, signs in, proves and confirms; a copy, another site and a second use are refused @scripts", async ({
  page,
  browser,
  world,
  shot,
}) => {
  const known = await registered(world, 1);
  await enterAs(page, known.client);
  const device = await authenticator(page);
  await withoutOffers(page);

  await test.step("added, named, listed", async () => {
    await page.goto("/security");
    await page.locator("#passkey-add #f-name").fill("Мой телефон");
    await page.locator("#passkey-add button").click();
    await expect(page.locator("#passkeys li")).toContainText("Мой телефон");
    expect(await keys(device)).toHaveLength(1);
    await world.sandbox.next(known.phone, /добавлен ключ входа/);
    await page.locator("#passkeys summary").click();
    await shot(page, "security");
    await page.getByLabel("Новое название ключа").fill("Синий телефон");
    const rename = page.locator("#passkeys form").first();
    await expect(rename).toHaveAttribute("data-live", "");
    await rename.getByRole("button").click();
    await expect(page.locator("#passkeys li")).toContainText("Синий телефон");
  });

  let sent = "";
  await test.step("signs in without a phone or a code", async () => {
    await page.locator("#sign-out").click();
    await expect(page.locator("#sign-in")).toBeVisible();
    page.on("request", (request) => {
      if (request.url().endsWith("passkey-sign-in")) sent = request.postData() ?? "";
    });
    await page.goto("/login?next=/security");
    await expect(page.locator("#passkey button")).toBeVisible();
    await shot(page, "sign-in");
    await page.locator("#passkey button").click();
    await expect(page).toHaveURL(/\d\/security$/);
  });

  await test.step("an answer counts once", async () => {
    const again = await new Client(world.url).post("access/passkey-sign-in", Object.fromEntries(new URLSearchParams(sent)));
    expect(again.status).toBe(409);
    expect(refusal(again).reason).toBe("passkey_late");
  });

  await test.step("confirms what matters", async () => {
    await page.goto("/confirm?next=/cabinet");
    await page.locator("#passkey button").click();
    await expect(page).toHaveURL(/\/cabinet$|\/application$/);
  });

  await test.step("is the second proof of a device never seen before", async () => {
    await world.sandbox.advanceSeconds(61);
    const other = await signIn(world, known.who.phone);
    await page.context().clearCookies();
    await enterAs(page, other);
    await page.goto("/security");
    await expect(page).toHaveURL(/\/proof/);
    await shot(page, "proof");
    await page.locator("#passkey button").click();
    await expect(page).toHaveURL(/\d\/security$/);
  });

  await test.step("a copy is noticed by its counter", async () => {
    const [original] = await keys(device);
    const context = await browser.newContext({ baseURL: world.url, locale: "ru-RU" });
    const thief = await context.newPage();
    await withoutOffers(thief);
    const stolen = await authenticator(thief);
    await stolen.cdp.send("WebAuthn.addCredential", {
      authenticatorId: stolen.id,
      credential: { ...original!, signCount: 0 },
    });
    await thief.goto("/login");
    await thief.locator("#passkey button").click();
    await expect(thief.locator("#passkey [data-form-error]")).toContainText("есть копия");
    await world.sandbox.next(known.phone, /похоже, есть его копия/);
    await context.close();
  });

  await test.step("another site can't ask for it", async () => {
    await page.goto(world.url.replace("localhost", "127.0.0.1") + "/login");
    await expect(page.locator("#passkey")).toBeVisible();
    await page.locator("#passkey button").click();
    await expect(page.locator("#passkey [role=status]")).toContainText("не сработал");
  });

  await test.step("removed, it opens nothing", async () => {
    await page.goto("/security");
    await page.locator("#passkeys summary").click();
    const remove = page.locator("#passkeys form").last();
    await expect(remove).toHaveAttribute("data-live", "");
    await remove.getByRole("button").click();
    await expect(page.locator("#passkeys")).toHaveCount(0);
    await page.locator("#sign-out").click();
    await expect(page.locator("#sign-in")).toBeVisible();
    await page.goto("/login");
    await page.locator("#passkey button").click();
    await expect(page.locator("#passkey [data-form-error]")).toContainText("Этого ключа в кабинете нет");
  });
});

test("the browser offers the passkey by itself on the page of signing in @scripts", async ({ page, world }) => {
  const b = new Borrower(page, world, person(2), true);
  await page.goto("/login");
  await b.enter();
  await authenticator(page);
  await page.goto("/security");
  await page.locator("#passkey-add button").click();
  await expect(page.locator("#passkeys li")).toHaveCount(1);
  await page.locator("#sign-out").click();
  await expect(page.locator("#sign-in")).toBeVisible();
  await page.goto("/login");
  await expect(page).toHaveURL(/\/cabinet$|\/application$|\/$/);
  await expect(page.locator("#sign-out")).toBeVisible();
});
