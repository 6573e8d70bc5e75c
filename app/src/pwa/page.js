// What makes the cabinet an application: the worker and its updates, the offer to install, the debt kept for times without
// a connection, notices, and forms that say at once when nothing can be sent. A page without this script loses nothing else.
const root = document.documentElement;
const here = (id) => document.getElementById(id);
const workers = navigator.serviceWorker;
const show = (element, shown = true) => element?.toggleAttribute("hidden", !shown);
const press = (element, act) => element?.addEventListener("click", act);
// Whose page this is: a name that means nothing outside this cabinet. Nobody's without a session.
const { holder = "", build = "" } = here("pwa")?.dataset ?? {};

// --- What is kept on this device, only after a permission: IndexedDB, never the worker's caches. ---

const kept = async (mode, act) => {
  const base = await new Promise((done, failed) => {
    const asked = indexedDB.open("kopeck", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  try {
    return await new Promise((done, failed) => {
      const work = base.transaction("kept", mode);
      const asked = act(work.objectStore("kept"));
      work.oncomplete = () => done(asked.result);
      work.onabort = () => failed(work.error);
    });
  } finally {
    base.close();
  }
};
const read = () => kept("readonly", (store) => store.get("snapshot"));
const write = (snapshot) => kept("readwrite", (store) => store.put(snapshot, "snapshot"));
const wipe = () => kept("readwrite", (store) => store.clear());

// The one who may see it: whatever another person left is gone before anything is shown.
const own = async () => {
  const snapshot = await read();
  if (snapshot && holder && snapshot.holder !== holder) await wipe();
  else return snapshot;
};

const keepDebt = async () => {
  const card = here("offline");
  const snapshot = await own();
  if (!card) return;
  const loan = JSON.parse(card.dataset.loan);
  const keep = async (loans) => {
    if (loan.rows) loans[loan.id] = loan;
    else delete loans[loan.id];
    await write({ holder, lang: root.lang, theme: root.dataset.theme, loans });
    draw(true);
  };
  const draw = (on) => {
    card.dataset.on = on ? "yes" : "no";
    show(here("offline-off"), !on);
    show(here("offline-on"), on);
  };
  draw(false);
  if (snapshot) await keep(snapshot.loans);
  show(card, Boolean(loan.rows));
  press(here("offline-keep"), () => keep({}));
  press(here("offline-forget"), async () => {
    await wipe();
    draw(false);
  });
};

// --- The page that is shown without a connection. ---

const drawOffline = async () => {
  const snapshot = await read().catch(() => undefined);
  root.lang = snapshot?.lang ?? root.lang;
  if (snapshot?.theme) root.dataset.theme = snapshot.theme;
  for (const text of document.querySelectorAll("[data-lang]")) show(text, text.dataset.lang === root.lang);
  document.title = document.querySelector(`h1 [data-lang=${root.lang}]`)?.textContent ?? document.title;
  // Opened instead of the answer to a form.
  const posted = location.pathname.startsWith("/api/");
  const elsewhere = posted || location.pathname === "/offline";
  show(here("unsent"), posted && !navigator.onLine);
  show(here("unanswered"), posted && navigator.onLine);
  const again = () => (elsewhere ? location.assign("/cabinet") : location.reload());
  press(here("again"), (event) => {
    event.preventDefault();
    again();
  });
  if (!elsewhere) addEventListener("online", again);
  const list = here("snapshot-loans");
  for (const { title, rows, note } of Object.values(snapshot?.loans ?? {})) {
    const element = (name, text, parent, style = "") => {
      const made = parent.appendChild(document.createElement(name));
      made.textContent = text;
      if (style) made.className = style;
      return made;
    };
    const card = element("section", "", list, "card stack tight");
    element("h2", title, card);
    const sums = element("dl", "", card, "sums long");
    for (const [label, value] of rows) {
      const row = element("div", "", sums);
      element("dt", label, row);
      element("dd", value, row);
    }
    element("p", note, card, "small");
    show(here("snapshot"));
  }
};

// --- Forms: what certainly can't be sent is not sent, and nothing waits in secret to be sent later. ---

let told;
const unsent = (form) => {
  const texts = here("pwa").dataset;
  const paying = /\/(payment|prolongation)\//.test(form.getAttribute("action"));
  const slot = form.querySelector("[data-form-error]") ?? here("news");
  slot.textContent = paying ? texts.unsentMoney : texts.unsent;
  show(slot);
  slot.focus?.();
  told = slot;
};

addEventListener("online", () => show(told, false));
addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const leaving = form.getAttribute("action")?.endsWith("/access/sign-out") ?? false;
    // By its attribute: a field called "method" stands before the form's own property of that name.
    if (form.getAttribute("method")?.toLowerCase() !== "post" || (navigator.onLine && !leaving)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!navigator.onLine) unsent(form);
    // The answer clears this device as well; this does it even when no answer comes.
    if (leaving) {
      const slow = new Promise((done) => setTimeout(done, 1000));
      const forgotten = Promise.allSettled([wipe(), unsubscribe()]);
      if (navigator.onLine) Promise.race([forgotten, slow]).finally(() => form.submit());
    }
  },
  true,
);

// --- The offer to install: where the loan is, never again after a no. ---

const offerInstall = () => {
  const card = here("install");
  if (!card || matchMedia("(display-mode: standalone)").matches || navigator.standalone) return;
  addEventListener("appinstalled", () => show(card, false));
  press(here("install-no"), () => {
    // A cookie, since leaving clears everything else that is kept here.
    document.cookie = "__Host-install=no; path=/; max-age=31536000; secure; samesite=lax";
    show(card, false);
  });
  // Only Safari on iOS has this property, and no way to ask: the person gets the steps.
  if (navigator.standalone === false) {
    show(here("install-steps"));
    show(card);
  }
};

let invitation;
addEventListener("beforeinstallprompt", (event) => {
  const card = here("install");
  event.preventDefault();
  if (!card) return;
  invitation = event;
  show(here("install-yes"));
  show(card);
});
press(here("install-yes"), async () => {
  await invitation?.prompt();
  show(here("install"), false);
});

// --- Notices: asked for by a press, after there is something to be reminded of. ---

const sendSubscription = (path, fields) =>
  fetch(`/api/v1/notice/${path}`, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(fields),
  });

const subscription = async () => {
  const registration = await workers?.getRegistration();
  return registration?.pushManager?.getSubscription();
};

const unsubscribe = async () => {
  const current = await subscription();
  if (!current) return;
  await Promise.allSettled([sendSubscription("unsubscribe", { endpoint: current.endpoint }), current.unsubscribe()]);
};

const offerPush = async (registration) => {
  const card = here("push");
  if (!card || !registration.pushManager || !("Notification" in window)) return;
  const draw = (on) => {
    card.dataset.on = on ? "yes" : "no";
    show(here("push-off"), !on);
    show(here("push-on"), on);
  };
  const failed = (key) => {
    here("push-said").textContent = card.dataset[key] ?? "";
  };
  const tell = async (current) => {
    const { endpoint, keys } = current.toJSON();
    const answer = await sendSubscription("subscribe", { endpoint, p256dh: keys.p256dh, auth: keys.auth });
    if (!answer.ok) throw new Error(`notice/subscribe answered ${answer.status}`);
  };
  const current = await registration.pushManager.getSubscription();
  draw(Boolean(current));
  // A refusal is final: the browser would not even ask.
  show(card, Boolean(current) || Notification.permission !== "denied");
  press(here("push-yes"), async () => {
    failed("");
    if ((await Notification.requestPermission()) !== "granted") return failed("refused");
    try {
      const applicationServerKey = card.dataset.key;
      await tell(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey }));
      draw(true);
    } catch (failure) {
      console.info("no notices", failure);
      failed("failed");
    }
  });
  press(here("push-no"), async () => {
    await unsubscribe();
    draw(false);
  });
};

// --- The worker and its updates. ---

const versionOf = (worker) =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => done(data);
    worker.postMessage("version", [port2]);
  });

const startWorker = async () => {
  const registration = await workers.register("/sw.js", { updateViaCache: "none" });
  const news = () => show(here("update"));
  const look = async () => {
    const { waiting } = registration;
    if (!waiting) return;
    // This very page came from the new version already: there is nothing to tell.
    if ((await versionOf(waiting)) === build) waiting.postMessage("take over");
    else news();
  };
  press(here("update-now"), () => {
    const { waiting } = registration;
    // Another page has let the new worker in.
    if (!waiting) return location.reload();
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("take over");
  });
  press(here("update-later"), () => show(here("update"), false));
  workers.addEventListener("controllerchange", async () => {
    if (workers.controller && (await versionOf(workers.controller)) !== build) news();
  });
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => fresh.state === "installed" && look());
  });
  await look();
  // A page may stay open for days.
  let asked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - asked < 600_000) return;
    asked = Date.now();
    registration.update().catch(() => {});
  });
  await offerPush(await workers.ready);
};

const quiet = (work) => work.catch((failure) => console.info("pwa", failure));

if (root.hasAttribute("data-offline")) {
  quiet(drawOffline());
} else {
  offerInstall();
  quiet(keepDebt());
  // The worker fetches its files when the page has nothing more to fetch.
  const start = () => quiet(startWorker());
  const rest = () => ("requestIdleCallback" in window ? requestIdleCallback(start, { timeout: 5000 }) : setTimeout(start, 1000));
  if (workers) {
    if (document.readyState === "complete") rest();
    else addEventListener("load", rest);
  }
}
