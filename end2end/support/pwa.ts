// What a test asks of a browser about the cabinet as an application: its worker, its caches, what it keeps.
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Page } from "@playwright/test";

const TARGET = resolve(__dirname, "../../target");

/** Waits until the worker is in charge of the page, with its files in the cache. */
export async function controlled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
  });
}

/** Hands a message to the page's worker as the browser does when its push service has brought one. */
export async function delivery(page: Page): Promise<(data: string) => Promise<void>> {
  const devtools = await page.context().newCDPSession(page);
  const origin = new URL(page.url()).origin;
  const registrationId = await new Promise<string>((found) => {
    devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const ours = registrations.find(({ scopeURL, isDeleted }) => !isDeleted && scopeURL === `${origin}/`);
      if (ours !== undefined) found(ours.registrationId);
    });
    void devtools.send("ServiceWorker.enable");
  });
  return async (data) => {
    await devtools.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
  };
}

/** Every address and text in every cache of this origin. */
export function cached(page: Page): Promise<{ cache: string; path: string; text: string }[]> {
  return page.evaluate(async () => {
    const found: { cache: string; path: string; text: string }[] = [];
    for (const cache of await caches.keys()) {
      const open = await caches.open(cache);
      for (const request of await open.keys()) {
        const answer = await open.match(request);
        const { pathname, search } = new URL(request.url);
        found.push({ cache, path: pathname + search, text: (await answer?.text()) ?? "" });
      }
    }
    return found;
  });
}

/** All that IndexedDB, localStorage and sessionStorage hold, as text. */
export function keptOnDevice(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const all: unknown[] = [{ ...localStorage }, { ...sessionStorage }];
    for (const { name = "" } of await indexedDB.databases()) {
      const base = await new Promise<IDBDatabase>((done, failed) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => failed(asked.error);
      });
      for (const store of base.objectStoreNames) {
        const asked = base.transaction(store).objectStore(store).getAll();
        all.push(await new Promise((done) => (asked.onsuccess = () => done(asked.result))));
      }
      base.close();
    }
    return JSON.stringify(all);
  });
}

/** A copy of the built site whose JavaScript and WebAssembly can be made anew under other names. */
export class Built {
  readonly folder = mkdtempSync(join(tmpdir(), "kopeck-built-"));

  constructor() {
    cpSync(join(TARGET, "site"), join(this.folder, "site"), { recursive: true });
    cpSync(join(TARGET, "hash.txt"), join(this.folder, "hash.txt"));
  }

  /** Another build: the same program, with its mark in both halves of the pair. The build before is gone, as when a
   * server is replaced. */
  make(mark: string): void {
    const pkg = join(this.folder, "site/pkg");
    const list = join(this.folder, "hash.txt");
    const lines = readFileSync(list, "utf8").trim().split("\n");
    const made = lines.map((line) => {
      const [kind = "", hash = ""] = line.split(": ");
      if (kind === "css") return line;
      const old = `kopeck.${hash}.${kind}`;
      const body = Buffer.concat([this.#plain(join(pkg, old), kind), this.#mark(kind, mark)]);
      for (const file of readdirSync(pkg)) if (file.startsWith(old)) rmSync(join(pkg, file));
      const fresh = createHash("sha256").update(body).digest("hex").slice(0, 22);
      writeFileSync(join(pkg, `kopeck.${fresh}.${kind}`), body);
      return `${kind}: ${fresh}`;
    });
    writeFileSync(list, `${made.join("\n")}\n`);
  }

  #originals = new Map<string, Buffer>();

  #plain(path: string, kind: string): Buffer {
    const known = this.#originals.get(kind) ?? readFileSync(path);
    this.#originals.set(kind, known);
    return known;
  }

  #mark(kind: string, mark: string): Buffer {
    if (kind === "js") return Buffer.from(`\nglobalThis.builtJs = ${JSON.stringify(mark)};\n`);
    // A custom section: id 0, its size, its name with its length, its content.
    const [name, content] = [Buffer.from("built"), Buffer.from(mark)];
    return Buffer.concat([Buffer.from([0, 1 + name.length + content.length, name.length]), name, content]);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A lender's file with some text of the demo lender's changed. Answers its name for the `lender` option. */
export function changedLender(from: string, to: string): string {
  const lenders = resolve(__dirname, "../../lenders");
  const text = readFileSync(join(lenders, "demo.toml"), "utf8");
  expect(text).toContain(from);
  const folder = mkdtempSync(join(tmpdir(), "kopeck-lender-"));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "demo.toml"), text.replace(from, to));
  return join("../".repeat(lenders.split("/").length), folder, "demo");
}
