// A page is as wide as its window: on a phone nothing slides sideways, also when the text is twice as large.
import { expect, type Page } from "@playwright/test";

/** What sticks out of the window at the right. */
const beyond = (page: Page) =>
  page.evaluate(() => {
    const { clientWidth } = document.documentElement;
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1 && element.closest(".scroll, svg, .visually-hidden") === null,
    );
    return wide.map((element) => element.outerHTML.slice(0, 120));
  });

export async function expectFits(page: Page): Promise<void> {
  expect(await beyond(page), page.url()).toEqual([]);
}

/**
 * What a person with the browser's text at 200 % would lose on this page, a line for each: what sticks out, what is cut.
 */
export async function lostWhenLarge(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: 200% !important }");
    document.adoptedStyleSheets = [sheet];
  });
  const found = await beyond(page);
  const rest = await page.evaluate(() => {
    const root = document.documentElement;
    const slides = root.scrollWidth > root.clientWidth ? [`slides sideways by ${root.scrollWidth - root.clientWidth}`] : [];
    // Nothing is cut: no box with hidden overflow is smaller than its text.
    const boxes = [...document.querySelectorAll<HTMLElement>("body *")].filter((it) => it.closest(".visually-hidden, thead") === null);
    const hides = (it: HTMLElement) => /hidden|clip/.test(getComputedStyle(it).overflow) && it.innerText?.trim() !== "";
    const wider = (it: HTMLElement) => it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1;
    const cut = boxes.filter((it) => hides(it) && wider(it)).map((it) => `cut: ${it.outerHTML.slice(0, 100)}`);
    document.adoptedStyleSheets = [];
    return [...slides, ...cut];
  });
  return [...found, ...rest].map((line) => `${page.url()} at 200 %: ${line}`);
}
