// Six looks that meet every pair of width, theme and language; a page photographed in all of them; the index.
import { type Browser, type BrowserContext, type Cookie, expect, type Page } from "@playwright/test";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Client } from "../support/http";
import { enterAs } from "../support/session";

export type Look = { width: 360 | 768 | 1280; theme: "light" | "dark"; lang: "ru" | "en" };

const LOOKS: Look[] = [
  { width: 360, theme: "light", lang: "ru" },
  { width: 360, theme: "dark", lang: "en" },
  { width: 768, theme: "light", lang: "en" },
  { width: 768, theme: "dark", lang: "ru" },
  { width: 1280, theme: "light", lang: "ru" },
  { width: 1280, theme: "dark", lang: "en" },
];

/** `PAGES=loan scripts/gallery.sh` takes only pages whose names match. */
const ONLY = new RegExp(process.env.PAGES ?? "");

const FOLDER = resolve(__dirname, "../artifacts/gallery");

/** `360-light-ru`. */
const nameOf = ({ width, theme, lang }: Look): string => `${width}-${theme}-${lang}`;

type Shot = { page: string; address: string; look: string; brand: string; file: string };

/** Pictures of every album, and the paths that were in front of the camera. */
const SHOTS: Shot[] = [];
const SEEN = new Set<string>();

/** Pages of the routers that no picture was taken of. `patterns` write their parts as `{id}`. */
export function leftOut(patterns: string[]): string[] {
  return patterns.filter((pattern) => {
    const address = new RegExp(`^${pattern.replace(/\{\w+\}/g, "[^/]+")}$`);
    return ![...SEEN].some((path) => address.test(path));
  });
}

/** Whose eyes: a borrower without a browser, or the cookies of somebody with one. */
export type Whose = Client | Cookie[];

export class Album {
  /** `brands` are codes of lenders: each look wears the next one. */
  constructor(
    readonly browser: Browser,
    readonly url: string,
    readonly brands: string[],
  ) {}

  async #context(look: Look, brand: string | undefined, whose: Whose | undefined): Promise<BrowserContext> {
    const { width, theme, lang } = look;
    const context = await this.browser.newContext({
      viewport: { width, height: width === 360 ? 780 : 900 },
      colorScheme: theme,
      reducedMotion: "reduce",
      baseURL: this.url,
    });
    const cookie = (name: string, value: string) => ({
      name,
      value,
      url: this.url.replace("http:", "https:"),
      secure: true,
    });
    await context.addCookies([cookie("__Host-lang", lang), cookie("__Host-theme", theme)]);
    if (brand !== undefined) {
      await context.route("**/brand.css*", async (route) => {
        const wanted = new URL(route.request().url());
        if (!wanted.searchParams.has("lender")) wanted.searchParams.set("lender", brand);
        await route.fulfill({ response: await route.fetch({ url: wanted.href }) });
      });
    }
    if (Array.isArray(whose)) await context.addCookies(whose);
    else if (whose?.cookie !== undefined) {
      const page = await context.newPage();
      await enterAs(page, whose);
      await page.close();
    }
    return context;
  }

  /** Photographs pages (name → address, and the path that it leads to) as `whose` eyes see them; `act` is done on each before. */
  async take(pages: Record<string, string | [string, string]>, whose?: Whose, act?: (page: Page) => Promise<void>): Promise<void> {
    const wanted = Object.entries(pages).filter(([name]) => ONLY.test(name));
    for (const [index, look] of wanted.length > 0 ? LOOKS.entries() : []) {
      const brand = this.brands[index % Math.max(this.brands.length, 1)];
      const context = await this.#context(look, brand, whose);
      const page = await context.newPage();
      for (const [name, asked] of wanted) {
        const [address, path] = typeof asked === "string" ? [asked, new URL(asked, this.url).pathname] : asked;
        await page.goto(address);
        const { pathname } = new URL(page.url());
        // A picture of another page would look as good.
        expect.soft(pathname, `${name}: where ${address} leads`).toBe(path);
        SEEN.add(pathname);
        await page.evaluate(() => document.fonts.ready);
        await act?.(page);
        // As tall as its page: what is fixed to the window's end stands at the page's.
        const tall = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width: look.width, height: Math.max(tall, 600) });
        const file = `${name}/${nameOf(look)}.png`;
        mkdirSync(join(FOLDER, name), { recursive: true });
        await page.screenshot({ path: join(FOLDER, file), fullPage: true });
        await page.setViewportSize({ width: look.width, height: 780 });
        SHOTS.push({ page: name, address, look: nameOf(look), brand: brand ?? "", file });
      }
      await context.close();
    }
  }
}

/** Writes `index.html` beside the pictures; answers how many there are. */
export function bind(): number {
  const names = [...new Set(SHOTS.map((shot) => shot.page))].sort();
  const section = (name: string) => {
    const shots = SHOTS.filter((shot) => shot.page === name);
    const figures = shots.map(
      ({ file, look, brand }) =>
        `<figure><a href="${file}"><img loading="lazy" src="${file}" alt="${name}, ${look}"></a><figcaption>${look} ${brand}</figcaption></figure>`,
    );
    return `<section id="${name}"><h2>${name}</h2><div>${figures.join("")}</div></section>`;
  };
  const links = names.map((name) => `<a href="#${name}">${name}</a>`).join(" · ");
  const style =
    "body{font:14px system-ui;margin:1rem;background:#8883}section>div{display:flex;gap:1rem;overflow-x:auto;align-items:start}" +
    "figure{margin:0}img{height:28rem;width:auto;border:1px solid #8888}h2{margin:1.5rem 0 .5rem}";
  writeFileSync(
    join(FOLDER, "index.html"),
    `<!doctype html><meta charset="utf-8"><title>Gallery</title><style>${style}</style><p>${links}</p>${names.map(section).join("")}`,
  );
  return SHOTS.length;
}
