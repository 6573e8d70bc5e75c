// A person who uses the cabinet: what they type and press, page by page. Nothing here looks behind the pages.
import { expect, type Locator, type Page } from "@playwright/test";
import type { World } from "./world";

export type Person = {
  phone: string;
  lastName: string;
  firstName: string;
  middleName: string;
  birthDate: string;
  sex: "male" | "female";
  passport: string;
  inn: string;
  email: string;
};

/** Twelve digits with the two right check digits. */
export function inn(ten: string): string {
  const digits = [...ten].map(Number);
  const check = (weights: number[]) =>
    (weights.reduce((sum, weight, place) => sum + weight * (digits[place] ?? 0), 0) % 11) % 10;
  digits.push(check([7, 2, 4, 10, 3, 5, 9, 4, 6, 8]));
  digits.push(check([3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]));
  return digits.join("");
}

/** Somebody new: `n` makes phones, passports and ИНН differ. */
export function person(n = 1): Person {
  const tail = String(n).padStart(4, "0");
  return {
    phone: `+7900123${tail}`,
    lastName: "Тестова",
    firstName: "Анна",
    middleName: "Петровна",
    birthDate: "12.05.1990",
    sex: "female",
    passport: `451023${tail}`,
    inn: inn(`770123${tail}`),
    email: `anna${tail}@example.org`,
  };
}

export const CARDS = {
  plain: "5555555555554444",
  secure: "4111111111111111",
  declined: "4000000000000002",
  payoutRefused: "2200000900000005",
};

export class Borrower {
  constructor(
    readonly page: Page,
    readonly world: World,
    readonly who: Person,
    readonly js: boolean,
  ) {}

  get phoneDigits(): string {
    return this.who.phone.replace(/\D/g, "");
  }

  /** With JavaScript on, waits until the form around this element answers in place. */
  async live(element: Locator): Promise<void> {
    if (!this.js) return;
    await expect(element.locator("xpath=ancestor::form[1]")).toHaveAttribute("data-live", "");
  }

  async press(selector: string): Promise<void> {
    const button = this.page.locator(selector);
    await this.live(button);
    await button.click();
  }

  async fill(name: string, value: string): Promise<void> {
    await this.page.locator(`[name="${name}"]`).fill(value);
  }

  /** From the phone field to the page that asked for it. */
  async enter(): Promise<void> {
    const { page } = this;
    await page.locator("#f-phone").fill(this.who.phone);
    await this.press("form:has(#f-phone) button[type=submit]");
    await expect(page).toHaveURL(/\/login\/code/);
    const code = await this.world.sandbox.sms(this.phoneDigits);
    await page.locator("#f-code").fill(code);
    await this.press("form:has(#f-code) button[type=submit]");
    await expect(page).not.toHaveURL(/\/login/);
    if (/\/proof/.test(page.url())) await this.prove();
  }

  /** On a device never seen before somebody whose passport is known gives its tail. */
  async prove(): Promise<void> {
    const { page } = this;
    await expect(page).toHaveURL(/\/proof/);
    await page.locator("#f-tail").fill(this.who.passport.slice(-4));
    await this.press("form:has(#f-tail) button[type=submit]");
    await expect(page).not.toHaveURL(/\/proof/);
  }

  /** One step of the questionnaire is done when its page is left. */
  async step(slug: string, fields: () => Promise<void>): Promise<void> {
    const { page } = this;
    await expect(page).toHaveURL(new RegExp(`/apply/${slug}`));
    await fields();
    await this.press("main form:has(button.wide) button[type=submit].wide");
    await expect(page).not.toHaveURL(new RegExp(`/apply/${slug}`));
  }

  async questionnaire(): Promise<void> {
    const { page, who } = this;
    await this.step("agreement", async () => page.locator("#f-agreement_esign").check());
    await this.step("person", async () => {
      await this.fill("last_name", who.lastName);
      await this.fill("first_name", who.firstName);
      await this.fill("middle_name", who.middleName);
      await this.fill("birth_date", who.birthDate);
      await page.locator(`[name=sex][value=${who.sex}]`).check();
    });
    await this.step("passport", async () => {
      await this.fill("passport", who.passport);
      await this.fill("passport_code", "770-001");
      await this.fill("passport_issuer", "ОВД «Арбат» города Москвы");
      await this.fill("passport_date", "20.06.2015");
      await this.fill("birth_place", "город Москва");
      await this.fill("citizenship", "Россия");
      await this.fill("inn", who.inn);
      await page.locator("[name=public_official][value=no]").check();
    });
    await this.step("address", async () => {
      await page.locator("[name=region]").selectOption({ label: "Москва" });
      await this.fill("city", "Москва");
      await this.fill("street", "Арбат");
      await this.fill("house", "10");
      await this.fill("flat", "5");
    });
    await this.step("work", async () => {
      await this.fill("employer", "ООО «Ромашка»");
      await this.fill("position", "бухгалтер");
      await this.fill("income", "80 000");
      await this.fill("expenses", "30 000");
      await this.fill("email", who.email);
    });
    await this.step("consents", async () => {
      for (const consent of ["consent_personal_data", "consent_bureau"]) {
        await expect(page.locator(`#f-${consent}`)).not.toBeChecked();
        await page.locator(`#f-${consent}`).check();
      }
    });
  }

  /** The acquirer's hosted page: the card, then the bank's code when it asks for one. */
  async card(number: string, tds: "pass" | "fail" = "pass"): Promise<void> {
    const { page } = this;
    await page.locator("#card-number").fill(number);
    await page.locator("#card-exp").fill("12/30");
    await page.locator("#card-cvc").fill("123");
    await page.locator("#card-pay").click();
    if (number !== CARDS.secure) return;
    await page.locator("#tds-code").fill("123456");
    await page.locator(tds === "pass" ? "#tds-confirm" : "#tds-fail").click();
  }

  /** Kopecks of the figure on the page. */
  async kopecks(selector: string): Promise<number> {
    return Number(await this.page.locator(selector).first().getAttribute("data-kopecks"));
  }
}
