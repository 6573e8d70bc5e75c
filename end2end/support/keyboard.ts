// A person without a mouse: Tab, Space, Enter, arrows and letters.
import { expect, type Page } from "@playwright/test";

/** More stops than any page has. */
const STOPS = 150;

export class Keyboard {
  /** Elements that had the focus and did not show it. */
  readonly unseen: string[] = [];
  /** Elements that had the focus behind something that is fixed to the window, or outside of it. */
  readonly hidden: string[] = [];
  /** Steps of the focus back up the page, or back along a line. */
  readonly astray: string[] = [];

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

  /** Presses a button with a dialog behind it, leaves it by Escape, and is where it was. */
  async lookInto(opener: string, dialog: string): Promise<void> {
    await this.press(opener);
    await expect(this.page.locator(dialog)).toBeVisible();
    const inside = () => this.page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, dialog);
    // The focus is in it, and Tab does not lead to what is behind.
    expect(await inside(), `${dialog} has the focus`).toBe(true);
    for (let stop = 0; stop < 5; stop += 1) {
      await this.page.keyboard.press("Tab");
      const behind = await this.page.evaluate((wanted) => document.activeElement?.closest(`main, ${wanted}`)?.id === "main", dialog);
      expect(behind, "what is behind a dialog is reached").toBe(false);
    }
    await this.page.keyboard.press("Escape");
    await expect(this.page.locator(dialog)).toBeHidden();
    await expect(this.page.locator(opener)).toBeFocused();
  }

  /** One Tab; whether the focus is elsewhere now. What has it must show it, where it can be seen, and further on. */
  async #tab(): Promise<boolean> {
    const before = await this.page.evaluateHandle(() => document.activeElement);
    await this.page.keyboard.press("Tab");
    const { moved, unseen, hidden, astray } = await this.page.evaluate(judge, before);
    await before.dispose();
    const note = (list: string[], what: string) => what !== "" && !list.includes(what) && list.push(what);
    note(this.unseen, unseen);
    note(this.hidden, hidden);
    note(this.astray, astray);
    return moved;
  }
}

type Verdict = { moved: boolean; unseen: string; hidden: string; astray: string };

/** Runs in the page: what is wrong with the element that has the focus now. */
function judge(was: Element | null): Verdict {
  const now = document.activeElement;
  const fine = { moved: true, unseen: "", hidden: "", astray: "" };
  if (now === null || now === document.body) return fine;
  const named = (element: Element | null) => `${location.pathname} ${element?.outerHTML.slice(0, 100)}`;
  const { outlineStyle, outlineWidth } = getComputedStyle(now);
  const seen = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const fixed = (element: Element) => element.closest(".nav-bottom, .toast, .skip, .ask-tab, dialog") !== null;
  const box = now.getBoundingClientRect();
  // WCAG 2.4.11 asks that not all of it is covered; here nothing of it may be, where it fits into the window at all.
  const bar = document.querySelector(".nav-bottom");
  const floor = bar && getComputedStyle(bar).display !== "none" ? bar.getBoundingClientRect().top : innerHeight;
  const fits = box.height < floor / 2;
  const covered = !fixed(now) && fits && (box.bottom > floor + 1 || box.top < -1);
  // Down the page, and along a line from the left. What was before counts where it stands now.
  const old = was?.getBoundingClientRect();
  const compared = was && was !== document.body && was.isConnected && !fixed(was) && !fixed(now);
  const up = compared && old && box.bottom <= old.top + 1;
  const back = compared && old && !up && box.top < old.bottom - 1 && box.bottom > old.top + 1 && box.right <= old.left + 1;
  // Past the last element the focus begins again at the first.
  const again = was && was.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_PRECEDING;
  return {
    moved: now !== was,
    unseen: seen ? "" : named(now),
    hidden: covered ? named(now) : "",
    astray: !again && (up || back) ? `${named(was)} → ${named(now)}` : "",
  };
}
