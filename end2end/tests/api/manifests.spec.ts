// The application of each lender as a device is told of it: its name, icons that are what they say, shortcuts that lead
// to paying and to the debt; or none, where the lender's file says so.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Client } from "../../support/http";
import { expect, test } from "../../support/world";

const FOLDER = resolve(__dirname, "../../../lenders");
const LENDERS = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".toml"))
  .map((file) => file.replace(".toml", ""));

type Icon = { src: string; sizes: string; type: string; purpose: string };
type Manifest = { name: string; short_name: string; lang: string; display: string; theme_color: string; icons: Icon[]; shortcuts: { name: string; url: string }[] };

const said = (file: string, key: string) => file.match(new RegExp(`^${key} = "(.*)"$`, "m"))?.[1];

for (const lender of LENDERS) {
  test.describe(lender, () => {
    test.use({ lender });

    test("its own application, or none", async ({ world }) => {
      const file = readFileSync(resolve(FOLDER, `${lender}.toml`), "utf8");
      const visitor = new Client(world.url);
      const landing = await visitor.page("/");
      const addresses = ["/manifest.webmanifest", "/manifest.en.webmanifest"];
      if (/^install_offer = false$/m.test(file)) {
        expect(landing).not.toContain('rel="manifest"');
        for (const address of addresses) expect((await visitor.get(address)).status, address).toBe(404);
        return;
      }
      expect(landing).toContain('<link rel="manifest" href="/manifest.webmanifest"');
      for (const [index, address] of addresses.entries()) {
        const answer = await visitor.get(address);
        expect(answer.status, address).toBe(200);
        expect(answer.headers.get("content-type")).toContain("application/manifest+json");
        const manifest = JSON.parse(answer.body) as Manifest;
        expect(manifest).toMatchObject({ name: said(file, "name"), lang: index === 0 ? "ru" : "en", display: "standalone" });
        expect(manifest.short_name.length).toBeLessThanOrEqual(12);
        expect(manifest.theme_color).toMatch(/^#[0-9a-f]{6}$/);
        const names = manifest.shortcuts.map(({ name }) => name);
        for (const name of names) expect(name).toMatch(index === 0 ? /^[А-Я][а-яё ]+$/ : /^[A-Z][a-z ]+$/);
        expect(manifest.shortcuts.map(({ url }) => url)).toEqual(["/go/pay", "/go/debt"]);
        for (const { src, sizes, type } of manifest.icons) {
          const picture = await fetch(world.url + src);
          expect(picture.status, src).toBe(200);
          expect(picture.headers.get("content-type"), src).toContain(type);
          const bytes = Buffer.from(await picture.arrayBuffer());
          if (type === "image/png") expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes);
          else expect(bytes.toString("utf8"), src).toContain("<svg");
        }
        const purposes = new Set(manifest.icons.map(({ purpose }) => purpose));
        expect([...purposes].sort()).toEqual(["any", "maskable"]);
      }
      // Whoever is not signed in comes to the same place after signing in.
      for (const where of ["pay", "debt"]) {
        const { location } = await visitor.get(`/go/${where}`);
        expect(location).toBe(`/login?next=/go/${where}`);
      }
    });

    test("the browser's bar and the icon are of its own colour", async ({ world }) => {
      const visitor = new Client(world.url);
      const [, colour = ""] = (await visitor.page("/")).match(/<meta name="theme-color" content="(#[0-9a-f]{6})"/) ?? [];
      expect(colour).not.toBe("");
      expect((await visitor.get("/icon.svg")).body.toLowerCase()).toContain(colour);
    });
  });
}
