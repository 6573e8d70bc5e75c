// A person who uses the cabinet: what they type and press, page by page. Nothing here looks behind the pages.
import { expect, type Locator, type Page } from "@playwright/test";
import { inWords } from "./challenge";
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

  /** The pages of the questionnaire, in whatever order the lender's file asks for them; `look` sees each before it is filled. */
  async questionnaire(look?: (slug: string) => Promise<void>): Promise<string[]> {
    const { page } = this;
    const seen: string[] = [];
    await expect(page).toHaveURL(/\/apply\/\w+/);
    for (;;) {
      const [, slug] = page.url().match(/\/apply\/(agreement|person|passport|address|work|consents)/) ?? [];
      if (slug === undefined) return seen;
      seen.push(slug);
      await look?.(slug);
      await this.step(slug, () => this.answer(slug));
    }
  }

  /** Fills a page of the questionnaire, as far as this lender asks. */
  private async answer(slug: string): Promise<void> {
    const { page, who } = this;
    const fill = async (values: Record<string, string>) => {
      for (const [name, value] of Object.entries(values)) {
        if ((await page.locator(`[name="${name}"]`).count()) > 0) await this.fill(name, value);
      }
    };
    const pick = async (name: string, value: string) => {
      const box = page.locator(`[name=${name}][value=${value}]`);
      if ((await box.count()) > 0) await box.check();
    };
    switch (slug) {
      case "agreement":
        return page.locator("#f-agreement_esign").check();
      case "person":
        await fill({ last_name: who.lastName, first_name: who.firstName, middle_name: who.middleName, birth_date: who.birthDate });
        return pick("sex", who.sex);
      case "passport":
        await fill({
          passport: who.passport,
          passport_code: "770-001",
          passport_issuer: "ОВД «Арбат» города Москвы",
          passport_date: "20.06.2015",
          birth_place: "город Москва",
          citizenship: "Россия",
          inn: who.inn,
        });
        return pick("public_official", "no");
      case "address":
        await page.locator("[name=region]").selectOption({ label: "Москва" });
        return fill({ city: "Москва", street: "Арбат", house: "10", flat: "5" });
      case "work":
        await fill({ employer: "ООО «Ромашка»", position: "бухгалтер", income: "80 000", expenses: "30 000", email: who.email });
        return pick("education", "higher");
      default:
        for (const consent of ["consent_personal_data", "consent_bureau"]) {
          // What was agreed to at registration is not asked for twice.
          if ((await page.locator(`#f-${consent}`).count()) === 0) continue;
          await expect(page.locator(`#f-${consent}`)).not.toBeChecked();
          await page.locator(`#f-${consent}`).check();
        }
    }
  }

  /** The form of registration, as far as this lender asks; `password` where people make one up. Stays on the page. */
  async registration(password = ""): Promise<void> {
    const { page, who } = this;
    const typed: Record<string, string> = {
      last_name: who.lastName,
      first_name: who.firstName,
      middle_name: who.middleName,
      birth_date: who.birthDate,
      passport: who.passport,
      phone: who.phone,
      email: who.email,
      password,
      repeat: password,
    };
    for (const [name, value] of Object.entries(typed)) {
      const field = page.locator(`#f-${name}`);
      if ((await field.count()) > 0) await field.fill(value);
    }
    const sex = page.locator(`[name=sex][value=${who.sex}]`);
    if ((await sex.count()) > 0) await sex.check();
    await page.locator("#f-consent").check();
    if ((await page.locator("#f-answer").count()) > 0) await page.locator("#f-answer").fill(await inWords(page));
  }

  /** Sends the form that holds this field. */
  async send(field: string): Promise<void> {
    await this.press(`form:has(#f-${field}) button[type=submit]`);
  }

  /** Signs what stands on the page by the code of the next SMS. */
  async signs(): Promise<void> {
    await this.page.locator("#f-code").fill(await this.world.sandbox.sms(this.phoneDigits));
    await this.press("#sign");
  }

  /** The code of the next SMS, typed where it is asked for. */
  async code(): Promise<string> {
    await expect(this.page).toHaveURL(/\/login\/code/);
    const code = await this.world.sandbox.sms(this.phoneDigits);
    await this.page.locator("#f-code").fill(code);
    await this.send("code");
    await expect(this.page).not.toHaveURL(/\/login\/code/);
    return code;
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
