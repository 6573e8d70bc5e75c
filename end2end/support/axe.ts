// WCAG 2.2 AA, as far as a machine can see it.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { lostWhenLarge } from "./fits";

const LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What a theme can break; everything else is the same in both. */
const OF_COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe finds on the page as it is now, a line for each rule that is broken: of its level, or only of colours. */
export async function violations(page: Page, colours = false): Promise<string[]> {
  // A change of colours takes its time, and contrast is measured on what is seen. Animations that go on for ever are
  // no such change.
  await page.evaluate(() => {
    const changes = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    return Promise.allSettled(changes.map(({ finished }) => finished));
  });
  const axe = new AxeBuilder({ page });
  if (colours) axe.withRules(OF_COLOURS);
  // Among the rules of its level the size of targets only when it is asked for.
  else axe.options({ runOnly: { type: "tag", values: LEVELS }, rules: { "target-size": { enabled: true } } });
  const report = await axe.analyze();
  const ran = [...report.passes, ...report.incomplete, ...report.inapplicable, ...report.violations];
  expect(ran.map(({ id }) => id)).toEqual(expect.arrayContaining(colours ? OF_COLOURS : ["target-size", ...OF_COLOURS]));
  return report.violations.map(({ id, nodes }) => {
    const where = nodes.map(({ html }) => html.slice(0, 120)).slice(0, 3);
    return `${page.url()} ${id}: ${where.join(" | ")}`;
  });
}

/**
 * The same in the light theme and in the dark one; the system's own is back afterwards. Axe is a script: where scripts
 * are off it would wait for ever, and the same test with scripts on has judged the same page.
 */
export async function violationsInBothThemes(page: Page): Promise<string[]> {
  const found: string[] = [];
  if (test.info().project.use.javaScriptEnabled === false) return found;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await violations(page, colorScheme === "dark")).map((line) => `${colorScheme} ${line}`));
  }
  await page.emulateMedia({ colorScheme: null });
  return found;
}

/** The same, and what is lost when the text is twice as large. */
export async function troubles(page: Page): Promise<string[]> {
  if (test.info().project.use.javaScriptEnabled === false) return [];
  return [...(await violationsInBothThemes(page)), ...(await lostWhenLarge(page))];
}
