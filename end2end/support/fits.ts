// A page is as wide as its window: on a phone nothing slides sideways.
import { expect, type Page } from "@playwright/test";

export async function expectFits(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => {
    const { clientWidth } = document.documentElement;
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1 && element.closest(".scroll, svg, .visually-hidden") === null,
    );
    return wide.map((element) => element.outerHTML.slice(0, 120));
  });
  expect(beyond, page.url()).toEqual([]);
}
