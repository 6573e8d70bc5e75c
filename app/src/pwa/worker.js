// The service worker. It keeps one version's files, all of them or none: the JavaScript and WebAssembly are named by their
// content and put into the cache together, so a page gets the pair that it names or goes to the network. It never keeps a
// page of the cabinet nor an answer of the API, and never sends anything later.
const { version: VERSION, files: FILES, offline: OFFLINE } = __BUILD__;
const NAME = `kopeck-${VERSION}`;
const ours = async () => (await caches.keys()).filter((name) => name.startsWith("kopeck-"));
const HASHED = /^\/(pkg|pwa)\//;
const LASTING = /^\/(pkg|pwa|fonts)\//;

const fill = async () => {
  const cache = await caches.open(NAME);
  // Without cookies: nothing that is kept here may depend on who is signed in.
  const wanted = (file) => new Request(file, { credentials: "omit", cache: HASHED.test(file) ? "default" : "no-cache" });
  await cache.addAll(FILES.map(wanted));
};

// The version before stays as long as a page of it may be open; what is older goes.
const tidy = async () => {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const others = (await ours()).filter((name) => name !== NAME);
  const old = pages.length > 0 ? others.slice(0, -1) : others;
  await Promise.all(old.map((name) => caches.delete(name)));
};

addEventListener("install", (event) => event.waitUntil(fill()));

addEventListener("activate", (event) => {
  const begin = async () => {
    await tidy();
    await registration.navigationPreload?.enable();
    await clients.claim();
  };
  event.waitUntil(begin());
});

addEventListener("message", ({ data, ports }) => {
  if (data === "version") ports[0].postMessage(VERSION);
  if (data === "take over") skipWaiting();
});

const kept = async (request) => {
  for (const name of (await ours()).reverse()) {
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found) return found;
  }
};

const fromCache = async (request) => (await kept(request)) ?? fetch(request);
const fromNetwork = (request) => fetch(request).catch(async () => (await kept(request)) ?? Response.error());

const page = async (event) => {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await kept(OFFLINE)) ?? Response.error();
  }
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (request.method !== "GET") return;
  else if (LASTING.test(pathname)) event.respondWith(fromCache(request));
  else if (FILES.includes(pathname)) event.respondWith(fromNetwork(request));
});

addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data?.json() ?? {};
  } catch {
    // Not ours; the browser still wants something shown.
  }
  const { title = "", body = "", tag, url = "/cabinet" } = said;
  event.waitUntil(registration.showNotification(title, { body, tag, icon: "/icons/192.png", data: { url } }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { href, origin } = new URL(event.notification.data?.url ?? "/cabinet", location.origin);
  event.waitUntil(clients.openWindow(origin === location.origin ? href : "/cabinet"));
});
