// A person without a mouse: Tab, Space, Enter, arrows and letters.
import { expect, type Page } from "@playwright/test";

/** More stops than any page has. */
const STOPS = 150;

export class Keyboard {
  /** Elements that had the focus and did not show it. */
  readonly unseen: string[] = [];

  constructor(readonly page: Page) {}

  /** Goes on by Tab until something that matches has the focus; a focus that stays where it was is caught. */
  async focusOn(selector: string): Promise<void> {
    await this.page.locator(selector).first().waitFor({ state: "attached" });
    for (let stop = 0; stop < STOPS; stop += 1) {
      if (await this.#there(selector)) return;
      const moved = await this.#tab();
      expect(moved, `Tab leaves ${await this.#name()}`).toBe(true);
    }
    throw new Error(`${STOPS} times Tab on ${this.page.url()} never reach ${selector}`);
  }

  /** Enter on a button or a link. */
  async press(selector: string): Promise<void> {
    await this.focusOn(selector);
    await this.page.keyboard.press("Enter");
  }

  /** Types in place of what stands in a field. */
  async type(selector: string, text: string): Promise<void> {
    await this.focusOn(selector);
    await this.page.keyboard.press("Control+A");
    await this.page.keyboard.type(text);
  }

  /** Goes to a group of radio buttons and along it by arrows; without a value it takes the one reached. */
  async choose(name: string, value?: string): Promise<void> {
    await this.focusOn(`input[type=radio][name="${name}"]`);
    const wanted = this.page.locator(value === undefined ? ":focus" : `[name="${name}"][value="${value}"]`);
    for (let turn = 0; turn < 10 && !(await wanted.evaluate((it) => it === document.activeElement)); turn += 1) {
      await this.page.keyboard.press("ArrowDown");
    }
    if (!(await wanted.isChecked())) await this.page.keyboard.press("Space");
    await expect(wanted).toBeChecked();
  }

  /** Answers a question of a form, whatever kind of field it has. */
  async answer(name: string, value: string): Promise<void> {
    const field = this.page.locator(`main [name="${name}"]:not([type=hidden])`).first();
    const kind = await field.evaluate((it) => (it instanceof HTMLSelectElement ? "select" : (it as HTMLInputElement).type));
    if (kind === "radio") return this.choose(name, value);
    if (kind === "select") return this.#select(name, value);
    if (kind !== "checkbox") return this.type(`main [name="${name}"]`, value);
    await this.focusOn(`input[type=checkbox][name="${name}"]`);
    await this.page.keyboard.press("Space");
    await expect(field).toBeChecked();
  }

  async #select(name: string, value: string): Promise<void> {
    const list = this.page.locator(`select[name="${name}"]`);
    await this.focusOn(`select[name="${name}"]`);
    for (let turn = 0; turn < 120 && (await list.inputValue()) !== value; turn += 1) {
      await this.page.keyboard.press("ArrowDown");
    }
    await expect(list).toHaveValue(value);
  }

  #there(selector: string): Promise<boolean> {
    return this.page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
  }

  #name(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 100) ?? "nothing");
  }

  /** One Tab; whether the focus is elsewhere now. What has it must show it. */
  async #tab(): Promise<boolean> {
    const before = await this.page.evaluateHandle(() => document.activeElement);
    await this.page.keyboard.press("Tab");
    const { moved, unseen } = await this.page.evaluate((was) => {
      const now = document.activeElement;
      if (now === null || now === document.body) return { moved: true, unseen: "" };
      const { outlineStyle, outlineWidth } = getComputedStyle(now);
      const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
      return { moved: now !== was, unseen: seen ? "" : now.outerHTML.slice(0, 120) };
    }, before);
    await before.dispose();
    if (unseen !== "" && !this.unseen.includes(unseen)) this.unseen.push(unseen);
    return moved;
  }
}
