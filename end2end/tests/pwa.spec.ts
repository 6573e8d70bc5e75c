// The cabinet as an application: installed, updated, without a connection.
import type { Page } from "@playwright/test";
import { violationsInBothThemes } from "../support/axe";
import { liveLoan, signIn, type Borrowing } from "../support/http";
import { Built, cached, changedLender, controlled, delivery, keptOnDevice } from "../support/pwa";
import { enterAs } from "../support/session";
import { expect, test, type World } from "../support/world";

// What the browser itself says when there is no connection.
const GONE = [/net::ERR_(INTERNET_DISCONNECTED|FAILED)/];
// A refused form.
const REFUSED = [/status of 422/];

/** The page without a connection, in the person's language alone. */
const expectGone = (page: Page) => expect(page.locator("h1")).toHaveText("Нет связи", { useInnerText: true });

async function open(page: Page, world: World): Promise<Borrowing> {
  const borrowing = await liveLoan(world, 1, { amount: 20_000, term: 30 });
  await enterAs(page, borrowing.client);
  await page.goto(`/loans/${borrowing.loan}`);
  return borrowing;
}

test.describe("installing", { tag: "@scripts" }, () => {
  test("the browser finds nothing to object to", async ({ page, request }) => {
    await page.goto("/");
    const devtools = await page.context().newCDPSession(page);
    const manifest = await devtools.send("Page.getAppManifest");
    expect(manifest.errors).toEqual([]);
    const said = JSON.parse(manifest.data ?? "{}");
    expect(said).toMatchObject({ id: "/", name: "Копейка", scope: "/", start_url: "/cabinet", display: "standalone" });
    expect(said.theme_color).toBe(await page.locator("meta[name=theme-color]").first().getAttribute("content"));
    expect(said.shortcuts.map(({ url }: { url: string }) => url)).toEqual(["/go/pay", "/go/debt"]);
    expect(said).toMatchObject({ lang: "ru", shortcuts: [{ name: "Заплатить" }, {}] });
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    // A browser without a window of its own for applications is no fault of ours.
    expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);

    const pngs = said.icons.filter(({ type }: { type: string }) => type === "image/png");
    for (const { src, sizes } of pngs) {
      const picture = await (await request.get(src)).body();
      expect(picture.subarray(1, 4).toString()).toBe("PNG");
      expect(`${picture.readUInt32BE(16)}x${picture.readUInt32BE(20)}`, src).toBe(sizes);
    }
    const of = (purpose: string) =>
      said.icons.filter((icon: { purpose: string }) => icon.purpose === purpose).map((icon: { sizes: string }) => icon.sizes);
    expect(of("maskable")).toEqual(["192x192", "512x512", "any"]);
    expect(of("any")).toEqual(["192x192", "512x512", "any"]);
  });

  test("its shortcuts are called in the person's language", async ({ page }) => {
    await page.goto("/");
    const devtools = await page.context().newCDPSession(page);
    const names = async () => {
      const { data } = await devtools.send("Page.getAppManifest");
      const { id, lang, shortcuts } = JSON.parse(data ?? "{}");
      return { id, lang, names: shortcuts.map(({ name }: { name: string }) => name) };
    };
    const russian = await names();
    await page.getByRole("button", { name: "English" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    const english = await names();
    expect(english).toMatchObject({ id: russian.id, lang: "en" });
    for (const name of english.names) expect(name).toMatch(/^[A-Z][a-z ]+$/);
    for (const name of russian.names) expect(name).toMatch(/^[А-Я][а-я ]+$/);
  });

  test("the shortcuts lead to the loan and to its payment", async ({ page, world }) => {
    await page.goto("/go/pay");
    await expect(page).toHaveURL(/\/login\?next=\/go\/pay/);
    const { loan } = await open(page, world);
    await page.goto("/go/pay");
    await expect(page).toHaveURL(new RegExp(`/loans/${loan}/pay\\?what=payoff$`));
    await page.goto("/go/debt");
    await expect(page).toHaveURL(new RegExp(`/loans/${loan}$`));
  });

  /** What Chromium does by itself when it is sure that the person comes back often enough. */
  const invite = (page: Page) =>
    page.evaluate(() => {
      const event = Object.assign(new Event("beforeinstallprompt", { cancelable: true }), {
        prompt: async () => void document.documentElement.setAttribute("data-prompted", ""),
      });
      dispatchEvent(event);
      return event.defaultPrevented;
    });

  test("is offered beside the loan, and not again after a no", async ({ page, world }) => {
    await page.goto("/");
    await controlled(page);
    expect(await invite(page), "the browser's own bar").toBe(true);
    await expect(page.locator("#install")).toHaveCount(0);

    const { loan, who, client } = await open(page, world);
    await controlled(page);
    await expect(page.locator("#install")).toBeHidden();
    await invite(page);
    await page.locator("#install-yes").click();
    await expect(page.locator("html")).toHaveAttribute("data-prompted", "");
    await expect(page.locator("#install")).toBeHidden();

    await page.reload();
    await controlled(page);
    await invite(page);
    await page.locator("#install-no").click();
    await expect(page.locator("#install")).toBeHidden();
    // Leaving clears what is kept here, and still it is not asked again.
    await page.locator("#sign-out").click();
    await expect(page.locator("#sign-in")).toBeVisible();
    await enterAs(page, await signIn(world, who.phone, client));
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#offline")).toBeVisible();
    await expect(page.locator("#install")).toHaveCount(0);
  });

  test("on iOS, where nothing asks, the steps are told", async ({ page, world, shot }) => {
    await page.addInitScript(() => Object.defineProperty(navigator, "standalone", { value: false }));
    await open(page, world);
    await expect(page.locator("#install-steps li")).toHaveCount(3);
    await expect(page.locator("#install-steps")).toBeVisible();
    await expect(page.locator("#install-yes")).toBeHidden();
    await shot(page, "install-ios");
    expect(await violationsInBothThemes(page)).toEqual([]);
  });

  test.describe("where the lender does not want it", () => {
    test.use({ lender: changedLender("install_offer = true", "install_offer = false") });
    test("there is no manifest and no offer", async ({ page, world }) => {
      await open(page, world);
      await controlled(page);
      await expect(page.locator("link[rel=manifest]")).toHaveCount(0);
      await expect(page.locator("#install")).toHaveCount(0);
      expect((await page.request.get("/manifest.webmanifest")).status()).toBe(404);
      // What is kept for times without a connection does not depend on it.
      await expect(page.locator("#offline")).toBeVisible();
    });
  });
});

test.describe("without a connection", { tag: "@scripts" }, () => {
  test.use({ expectedConsole: GONE });

  test("a page says so, with the phone to call", async ({ page, context, shot }) => {
    await page.goto("/");
    await controlled(page);
    await context.setOffline(true);
    await page.goto("/cabinet");
    await expectGone(page);
    await expect(page.locator("#snapshot")).toBeHidden();
    await expect(page.locator("#unsent")).toBeHidden();
    await expect(page.locator("main a[href^='tel:']")).toBeVisible();
    await expect(page.locator("main")).not.toContainText("No connection", { useInnerText: true });
    const font = await page.evaluate(() => document.fonts.ready.then(() => document.fonts.check('16px "Golos Text"', "Я")));
    expect(font, "the font comes from the cache").toBe(true);
    await shot(page, "offline");
    // Back again, the page opens by itself.
    await context.setOffline(false);
    await expect(page.locator("#f-phone")).toBeVisible();
  });

  test("nothing is kept without a permission", async ({ page, world, context }) => {
    const { loan } = await open(page, world);
    await controlled(page);
    await expect(page.locator("#offline-keep")).toBeVisible();
    expect(await keptOnDevice(page)).not.toContain(loan);
    await context.setOffline(true);
    await page.goto("/cabinet");
    await expectGone(page);
    await expect(page.locator("#snapshot")).toBeHidden();
  });

  test("the debt that was kept is shown with its time", async ({ page, world, context, shot }) => {
    const { loan } = await open(page, world);
    await controlled(page);
    const debt = (await page.locator("#debt").textContent()) ?? "";
    const number = (await page.locator("#loan").textContent())?.match(/№\s(\S+)/)?.[1] ?? "?";
    await page.locator("#offline-keep").click();
    await expect(page.locator("#offline-forget")).toBeVisible();
    await world.sandbox.advanceDays(1);
    // Another day's page renews what is kept.
    await page.goto(`/loans/${loan}?on=2020-01-01`);
    await expect(page.locator("#offline-forget")).toBeVisible();
    await page.goto(`/loans/${loan}`);
    await expect(page.locator("#offline-forget")).toBeVisible();
    const later = (await page.locator("#debt").textContent()) ?? "";
    expect(later).not.toBe(debt);
    await expect.poll(() => keptOnDevice(page)).toContain(later);

    await context.setOffline(true);
    await page.goto("/cabinet");
    const kept = page.locator("#snapshot");
    await expect(kept).toContainText(later);
    await expect(kept).toContainText(/Долг на \d+\s\S+, \d\d:\d\d по Москве/);
    await expect(kept).toContainText(/Заплатить до\s*\S+,\s\d+\s\S+,\s23:59 по Москве/);
    await expect(kept).toContainText(number);
    await expect(kept).toContainText("40701810500000000001");
    await shot(page, "offline-debt");
    expect(await violationsInBothThemes(page)).toEqual([]);

    await context.setOffline(false);
    await expect(page.locator("#sign-out")).toBeVisible();
    await page.goto(`/loans/${loan}`);
    await page.locator("#offline-forget").click();
    await expect(page.locator("#offline-keep")).toBeVisible();
    expect(await keptOnDevice(page)).not.toContain(loan);
  });

  test("leaving the cabinet erases it", async ({ page, world, context }) => {
    const { loan } = await open(page, world);
    await controlled(page);
    await page.locator("#offline-keep").click();
    await expect.poll(() => keptOnDevice(page)).toContain(loan);
    await page.locator("#sign-out").click();
    await expect(page.locator("#sign-in")).toBeVisible();
    expect(await keptOnDevice(page)).not.toContain(loan);
    await controlled(page);
    await context.setOffline(true);
    await page.goto("/cabinet");
    await expectGone(page);
    await expect(page.locator("#snapshot")).toBeHidden();
  });

  test("the answer to leaving erases it even where our script has no say", async ({ page, world }) => {
    const { loan } = await open(page, world);
    await controlled(page);
    await page.locator("#offline-keep").click();
    await expect.poll(() => keptOnDevice(page)).toContain(loan);
    // As a form sends it whose script has not come yet: no `submit` event tells anybody.
    await page.locator("form:has(#sign-out)").evaluate((form) => (form as HTMLFormElement).submit());
    await expect(page.locator("#sign-in")).toBeVisible();
    expect(await keptOnDevice(page)).not.toContain(loan);
  });

  test("a date that is over is named as one", async ({ page, world }) => {
    const { loan } = await open(page, world);
    const kept = async () => (await page.locator("#offline").getAttribute("data-loan")) ?? "";
    expect(await kept()).toContain("Заплатить до");
    await world.sandbox.advanceDays(40);
    await page.goto(`/loans/${loan}`);
    expect(await kept()).toContain("Срок прошёл");
    expect(await kept()).not.toContain("Заплатить до");
  });

  test("nobody else ever sees it", async ({ page, world, context }) => {
    const { loan } = await open(page, world);
    await controlled(page);
    await page.locator("#offline-keep").click();
    await expect.poll(() => keptOnDevice(page)).toContain(loan);
    // The first one's session has run out, nobody pressed «leave»; another person signs in.
    await context.clearCookies();
    await enterAs(page, await signIn(world, "+79001230002"));
    await page.goto("/cabinet");
    await expect(page.locator("#sign-out")).toBeVisible();
    await expect.poll(() => keptOnDevice(page)).not.toContain(loan);
    await context.setOffline(true);
    await page.goto("/application");
    await expectGone(page);
    await expect(page.locator("#snapshot")).toBeHidden();
  });

  test("a payment says at once that nothing was sent, and loses nothing", async ({ page, world, context, shot }) => {
    const { loan } = await open(page, world);
    await controlled(page);
    await page.goto(`/loans/${loan}/pay?what=sum`);
    await expect(page.locator("form:has(#pay)")).toHaveAttribute("data-live", "");
    await page.locator("#f-amount").fill("1234,50");
    await context.setOffline(true);
    const sent: string[] = [];
    page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    await page.locator("#pay").click();
    const said = page.locator("form:has(#pay) [data-form-error]");
    await expect(said).toContainText("Нет связи: ничего не отправлено, деньги не списаны");
    await expect(said).toBeFocused();
    await expect(page.locator("#f-amount")).toHaveValue(/^1\s?234,50$/);
    await shot(page, "payment-offline");
    expect(sent).toEqual([]);

    // The connection is back: nothing goes by itself.
    await context.setOffline(false);
    await expect(said).toBeHidden();
    await page.waitForTimeout(1500);
    expect(sent).toEqual([]);
    await expect(page).toHaveURL(/\/pay\?what=sum$/);
    await page.locator("#pay").click();
    await expect(page).toHaveURL(/\/checkout\//);
    expect(sent.filter((url) => url.endsWith("/payment/start"))).toHaveLength(1);
  });

  test("a form sent before its script came leads to the truth as well", async ({ page, world, context }) => {
    const { loan } = await open(page, world);
    await controlled(page);
    await page.goto(`/loans/${loan}/pay?what=payoff`);
    await context.setOffline(true);
    await page.waitForFunction(() => !navigator.onLine);
    await page.locator("form:has(#pay)").evaluate((form) => (form as HTMLFormElement).submit());
    await expect(page.locator("#unsent")).toContainText("Форма не отправлена, деньги не списаны");
    await context.setOffline(false);
    await page.waitForTimeout(1000);
    await expect(page.locator("#unsent")).toBeVisible();
    await page.goto(`/loans/${loan}/pay`);
    await expect(page.locator("#unfinished")).toHaveCount(0);
  });
});

test.describe("the worker", { tag: "@scripts" }, () => {
  test.use({ expectedConsole: REFUSED });

  test("keeps no page of the cabinet and no answer of the API", async ({ page, world }) => {
    const { loan, client, phone } = await open(page, world);
    await controlled(page);
    await page.locator("#offline-keep").click();
    await expect(page.locator("#offline-forget")).toBeVisible();
    const number = (await page.locator("#loan").textContent())?.match(/№\s(\S+)/)?.[1] ?? "?";
    for (const path of [`/loans/${loan}/pay`, "/cabinet", "/application", `/documents/${loan}/contract`, "/"]) await page.goto(path);
    // A form that is refused in place is an answer of the API.
    await page.goto(`/loans/${loan}/pay?what=sum`);
    await expect(page.locator("form:has(#pay)")).toHaveAttribute("data-live", "");
    await page.locator("#f-amount").fill("0");
    await page.locator("#pay").click();
    await expect(page.locator("[data-field=amount] .error")).toBeVisible();
    const all = await cached(page);
    const paths = all.map(({ path }) => path.replace(/\.[\w-]{16,22}\./, ".HASH."));
    expect(paths.toSorted()).toEqual([
      "/brand.css",
      "/fonts/golos-text-cyrillic-wght-normal.woff2",
      "/fonts/golos-text-latin-wght-normal.woff2",
      "/icon.svg",
      "/offline",
      "/pkg/kopeck.HASH.css",
      "/pkg/kopeck.HASH.js",
      "/pkg/kopeck.HASH.wasm",
      "/pwa/page.HASH.js",
    ]);
    for (const secret of [number, loan, phone, phone.slice(-7), client.cookie ?? "?"]) {
      expect(all.filter(({ text }) => text.includes(secret)).map(({ path }) => path), secret).toEqual([]);
    }
  });
});

test.describe("notices", { tag: "@scripts" }, () => {
  // The browser's own push service is somebody's server far away: this one answers in its place, on the page.
  const withService = (page: Page, permission: NotificationPermission) =>
    page.addInitScript((answer) => {
      let current: unknown = null;
      const made = {
        endpoint: "https://fcm.googleapis.com/fcm/send/test",
        toJSON: () => ({ endpoint: made.endpoint, keys: { p256dh: btoa("\x04".padEnd(65, "k")), auth: btoa("a".repeat(16)) } }),
        unsubscribe: async () => ((current = null), true),
      };
      Notification.requestPermission = async () => {
        Object.assign(globalThis, { asked: true });
        return answer;
      };
      PushManager.prototype.getSubscription = async () => current as PushSubscription | null;
      PushManager.prototype.subscribe = async (options) => {
        if (!options?.userVisibleOnly || typeof options.applicationServerKey !== "string") throw new Error("no key");
        return (current = made) as unknown as PushSubscription;
      };
    }, permission);

  test("are asked for by a press alone, and switched off as easily", async ({ page, world }) => {
    await withService(page, "granted");
    await open(page, world);
    await expect(page.locator("#push-yes")).toBeVisible();
    expect(await page.evaluate(() => "asked" in globalThis)).toBe(false);
    const answered = (path: string) => page.waitForResponse((answer) => answer.url().endsWith(path));
    const [subscribed] = await Promise.all([answered("/notice/subscribe"), page.locator("#push-yes").click()]);
    expect(subscribed.status()).toBe(200);
    await expect(page.locator("#push-no")).toBeVisible();
    const [unsubscribed] = await Promise.all([answered("/notice/unsubscribe"), page.locator("#push-no").click()]);
    expect(unsubscribed.status()).toBe(200);
    await expect(page.locator("#push-yes")).toBeVisible();
  });

  test("what the push service delivers is shown, and a press on it leads to its page of ours alone", async ({ page, world, context }) => {
    await context.grantPermissions(["notifications"], { origin: world.url });
    await open(page, world);
    await controlled(page);
    const [worker] = context.serviceWorkers();
    if (worker === undefined) throw new Error("no worker");
    const deliver = await delivery(page);
    const shown = () =>
      page.evaluate(async () => {
        const registration = await navigator.serviceWorker.ready;
        return (await registration.getNotifications()).map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
      });

    // Asked while it is still putting a notice up, Chromium takes it for closed and forgets it: then it is sent again.
    const expectShown = (data: string, expected: object[]) =>
      expect(async () => {
        await deliver(data);
        await expect.poll(shown, { timeout: 2_000, intervals: [300] }).toEqual(expected);
      }).toPass();

    const said = { title: "Копейка", body: "Займ нужно вернуть завтра", tag: "loan-1", url: "/go/debt" };
    await expectShown(JSON.stringify(said), [said]);
    // A later word on the same thing takes the place of the earlier one.
    const later = { ...said, body: "Займ нужно вернуть сегодня" };
    await expectShown(JSON.stringify(later), [later]);

    // The press itself has to be played: only a person's own may open a window, so where it would lead is noted.
    const pressed = () =>
      worker.evaluate(async () => {
        const scope = globalThis as unknown as {
          clients: { openWindow(url: string): Promise<null> };
          registration: ServiceWorkerRegistration;
        };
        const opened: string[] = [];
        scope.clients.openWindow = async (url) => (opened.push(url), null);
        const [notification] = await scope.registration.getNotifications();
        const Pressed = (globalThis as unknown as { NotificationEvent: new (name: string, init: object) => Event }).NotificationEvent;
        dispatchEvent(new Pressed("notificationclick", { notification }));
        return opened;
      });
    expect(await pressed()).toEqual([`${world.url}/go/debt`]);
    await expect.poll(shown).toEqual([]);

    const elsewhere = { ...said, url: "https://elsewhere.example/" };
    await expectShown(JSON.stringify(elsewhere), [elsewhere]);
    expect(await pressed()).toEqual(["/cabinet"]);
    await expect.poll(shown).toEqual([]);
    // What can't be read is shown as well: a browser takes the permission away from whoever shows nothing.
    await expectShown("not ours", [{ title: "", body: "", tag: "", url: "/cabinet" }]);
  });

  test("a no of the browser is explained", async ({ page, world }) => {
    await withService(page, "denied");
    await open(page, world);
    await page.locator("#push-yes").click();
    await expect(page.locator("#push-said")).toContainText("Браузер не разрешил");
    await page.goto("/");
    await expect(page.locator("#push")).toHaveCount(0);
  });
});

test.describe("a new version", { tag: "@scripts" }, () => {
  const built = new Built();
  test.use({ built: built.folder });
  test.beforeAll(() => built.make("one"));
  test.afterAll(() => built.remove());

  /** What of the built pair the page has loaded. */
  const loaded = (page: Page) =>
    page.evaluate(() => {
      const paths = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname);
      return [...new Set(paths)].filter((path) => /^\/pkg\/.+\.(js|wasm)$/.test(path));
    });

  /** Which build each half of the pair on the page is of. */
  const pair = async (page: Page) => {
    await page.goto("/login");
    await expect(page.locator("form:has(#f-phone)")).toHaveAttribute("data-live", "");
    const wasm = (await loaded(page)).find((path) => path.endsWith(".wasm")) ?? "";
    return page.evaluate(async (wasm) => {
      const module = await WebAssembly.compileStreaming(fetch(wasm));
      const [section] = WebAssembly.Module.customSections(module, "built");
      const js = (globalThis as unknown as { builtJs: string }).builtJs;
      return { js, wasm: new TextDecoder().decode(section) };
    }, wasm);
  };

  test("is announced, and its halves are never mixed", async ({ page, world, context, shot }) => {
    expect(await pair(page)).toEqual({ js: "one", wasm: "one" });
    await controlled(page);
    const caches = () => page.evaluate(async () => (await globalThis.caches.keys()).length);
    expect(await caches()).toBe(1);

    // The page stays open while the server is replaced.
    built.make("two");
    await world.restart();
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(page.locator("#update")).toBeVisible();
    await shot(page, "update");
    expect(await violationsInBothThemes(page)).toEqual([]);
    expect(await page.evaluate(() => (globalThis as unknown as { builtJs: string }).builtJs)).toBe("one");

    // Another page comes from the new server while the old worker is still in charge.
    const other = await context.newPage();
    expect(await pair(other)).toEqual({ js: "two", wasm: "two" });
    // It is of the new version, so it lets the new worker in without a word; the old page is left alone,
    await expect(other.locator("#update")).toBeHidden();
    await expect.poll(() => other.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.waiting)).toBeNull();
    await expect(page.locator("#update")).toBeVisible();
    // and under the new worker its halves still come from its own build, which the server has no more.
    const names = await loaded(page);
    const old = await page.evaluate((names) => Promise.all(names.map(async (name) => (await fetch(name)).status)), names);
    expect(old).toEqual([200, 200]);
    await other.close();

    // A press on the button, and the page is of the new version.
    await Promise.all([page.waitForEvent("load"), page.locator("#update-now").click()]);
    expect(await pair(page)).toEqual({ js: "two", wasm: "two" });
    await expect(page.locator("#update")).toBeHidden();

    // The third leaves no trace of the first.
    built.make("three");
    await world.restart();
    expect(await pair(page)).toEqual({ js: "three", wasm: "three" });
    const marks = async () => (await cached(page)).flatMap(({ text }) => text.match(/(?<=builtJs = ")\w+/g) ?? []);
    await expect.poll(marks).toEqual(["two", "three"]);
    expect(await caches()).toBe(2);
  });
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });
  test("nothing of it is shown, and nothing is missing", async ({ page, world }) => {
    await open(page, world);
    for (const id of ["offline", "install", "push", "update", "news"]) await expect(page.locator(`#${id}:visible`)).toHaveCount(0);
    await expect(page.locator("#payoff")).toBeVisible();
  });
});
