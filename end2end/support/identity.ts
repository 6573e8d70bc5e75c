// What a person does with accounts elsewhere: presses a button here, types a login there, allows what is asked.
import { expect, type Page } from "@playwright/test";

/** The button of a provider on a page of ours. */
export async function pressProvider(page: Page, name: string, js: boolean): Promise<void> {
  // The provider's pages ask the net for a font.
  await page.route(/fonts\.g(oogleapis|static)\.com/, (route) => route.fulfill({ contentType: "text/css", body: "" }));
  const button = page.getByRole("button", { name, exact: true });
  const form = page.locator("form", { has: button }).first();
  if (js) await expect(form).toHaveAttribute("data-live", "");
  await form.locator("button[type=submit]").click();
}

/** The provider's own pages: who it is, and that they allow it. */
export async function atProvider(page: Page, login: string): Promise<void> {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await expect(page.locator("input[name=login]")).toHaveCount(0);
  await page.locator("button[type=submit]").click();
}
