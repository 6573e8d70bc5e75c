// What moves: the soft step from one page to the next where the browser has it, and nothing for those who asked for rest.
import type { Page } from "@playwright/test";
import { liveLoan } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test } from "../support/world";

type Revealed = { soft: boolean; pieces: string[] };

/** Has every page note whether it was stepped to softly, and which of its pieces had a step of their own. */
const watch = (page: Page) =>
  page.addInitScript(() => {
    addEventListener("pagereveal", async (event) => {
      const { viewTransition } = event as Event & { viewTransition: { ready: Promise<void> } | null };
      const seen: Revealed = { soft: viewTransition !== null, pieces: [] };
      Object.assign(globalThis, { revealed: seen });
      await viewTransition?.ready.catch(() => {});
      const pseudo = document.getAnimations().map(({ effect }) => (effect as KeyframeEffect).pseudoElement ?? "");
      seen.pieces = [...new Set(pseudo.map((name) => /^::view-transition-group\((.*)\)$/.exec(name)?.[1] ?? ""))].filter(Boolean);
    });
  });

const revealed = (page: Page) => page.evaluate(() => (globalThis as unknown as { revealed?: Revealed }).revealed);

/** Properties that move a thing, of every animation that runs on the page now. */
const moving = (page: Page) =>
  page.evaluate(() => {
    const moves = ["translate", "rotate", "scale", "transform", "left", "top", "width", "height", "backgroundPosition"];
    return document.getAnimations().flatMap((animation) => {
      const effect = animation.effect as KeyframeEffect;
      const names = effect.getKeyframes().flatMap((frame) => Object.keys(frame));
      return moves.filter((name) => names.includes(name)).map((name) => `${effect.target?.className}: ${name}`);
    });
  });

test("one page melts into the next, the bar stays where it is @scripts", async ({ page }) => {
  await watch(page);
  // A browser on a busy machine leaves the soft step out, so it may be taken again.
  await expect(async () => {
    await page.goto("/login");
    await page.locator("a[href='/help']").first().click();
    await expect(page).toHaveURL(/\/help$/);
    expect((await revealed(page))?.soft).toBe(true);
    // Back again as well.
    await page.goBack();
    await expect(page).toHaveURL(/\/login$/);
    expect((await revealed(page))?.soft).toBe(true);
  }).toPass({ timeout: 60_000 });
});

test("who asked for less motion gets none: pages change at once, and what waits only breathes @scripts", async ({ page, world }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await watch(page);
  await page.goto("/login");
  await page.locator("a[href='/help']").first().click();
  await expect(page).toHaveURL(/\/help$/);
  await expect.poll(async () => (await revealed(page))?.soft).toBe(false);

  await page.goto("/ui");
  expect(await moving(page)).toEqual([]);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  // Otherwise some do: the check above is no empty one.
  expect((await moving(page)).length).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: "reduce" });

  await test.step("a dialog opens, and a word about what was done comes and goes", async () => {
    const { client } = await liveLoan(world, 1);
    await enterAs(page, client);
    await page.goto("/closing");
    expect(await moving(page)).toEqual([]);
    await page.locator("#sign-out").click();
    await expect(page.locator("p.toast")).toBeVisible();
    expect(await moving(page)).toEqual([]);
  });
});
