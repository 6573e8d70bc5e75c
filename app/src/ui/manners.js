// What pages do better with scripts, and do without them as well. Loaded after the page, by every page but the landing.

const root = document.documentElement;

// A page that waits for somebody asks for itself until it would say something else. Loading it again each time would
// take the place and the words away from whoever is reading, or listening.
const words = (page) => {
  const main = page.getElementById("main").cloneNode(true);
  // What scripts write into, and what is only there without them.
  for (const part of main.querySelectorAll("noscript, script, leptos-island")) part.remove();
  return main.textContent;
};
const wait = (page) => {
  const seconds = Number(page.querySelector("[data-look-again]")?.dataset.lookAgain);
  if (seconds) setTimeout(look, 1000 * seconds);
};
const look = async () => {
  try {
    const answer = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.redirected && words(fresh) === words(document)) return wait(fresh);
    location.replace(answer.url);
  } catch {
    // No connection just now.
    wait(document);
  }
};
wait(document);

// A theme is put on at once; the cookie follows.
addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.name !== "theme") return;
  event.preventDefault();
  if (button.value === "system") delete root.dataset.theme;
  else root.dataset.theme = button.value;
  for (const other of event.target.elements) {
    if (other.name === "theme") other.setAttribute("aria-pressed", other === button);
  }
  const body = new URLSearchParams(new FormData(event.target, button));
  fetch(event.target.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
});

// What is being typed outlives a reload and the way back; codes and passwords are never kept. A field is filled again
// only while the server says the same of it as when it was typed into: what has been sent since is newer.
// It is its person's alone: another who signs in on this device, when the first one's session has run out, sees none of it.
// A form that only asks has its answer in the address: opened anew it is as the server says, and what was being typed into
// it comes back with the way back and a reload alone.
const place = `draft:${document.getElementById("pwa")?.dataset.holder ?? ""}:${location.pathname}:`;
const draft = (form) => place + form.getAttribute("action");
const box = (field) => field.matches("[type=checkbox], [type=radio]");
const kept = (form) =>
  [...form.elements].filter(
    (field) =>
      field.name &&
      field.matches(
        "input:not([type=hidden], [type=password], [type=submit], [type=file], [autocomplete=one-time-code]), select, textarea",
      ),
  );
// By its attribute: a field called "method" stands before the form's own property of that name.
const asks = (form) => form.getAttribute("method")?.toLowerCase() === "get";
const served = (field) => {
  if (box(field)) return field.defaultChecked;
  if (field.options) return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value;
  return field.defaultValue;
};
const held = (field) => (box(field) ? field.checked : field.value);
const nameOf = (field) => (field.type === "radio" ? `${field.name}=${field.value}` : field.name);
const save = ({ target: { form } }) => {
  if (!form?.hasAttribute("method") || form.matches(".look form")) return;
  if (!asks(form)) sessionStorage.removeItem("sent");
  const fields = kept(form).map((field) => [nameOf(field), served(field), held(field)]);
  sessionStorage.setItem(draft(form), JSON.stringify(fields));
};
const restore = (form) => {
  const fields = JSON.parse(sessionStorage.getItem(draft(form)) ?? "[]");
  for (const field of kept(form)) {
    const [, before, typed] = fields.find(([name]) => name === nameOf(field)) ?? [];
    if (before !== served(field) || held(field) !== before) continue;
    if (box(field)) field.checked = typed;
    else field.value = typed;
    if (typed !== before) field.closest("details")?.setAttribute("open", "");
  }
};
try {
  // A form that led to another page has done its work.
  const sent = sessionStorage.getItem("sent");
  if (sent && !sent.startsWith(place)) {
    sessionStorage.removeItem(sent);
    sessionStorage.removeItem("sent");
  }
  const anew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  for (const form of document.querySelectorAll("form[method]")) if (!(anew && asks(form))) restore(form);
  addEventListener("input", save);
  addEventListener("submit", ({ target }) => {
    if (target.getAttribute("action")?.endsWith("/sign-out")) sessionStorage.clear();
    else if (!asks(target)) sessionStorage.setItem("sent", draft(target));
  });
} catch {
  // Storage is refused: typing is kept by the browser alone.
}

// A dialog is modal where it can be.
addEventListener("click", (event) => {
  const button = event.target.closest?.("button[popovertarget]");
  const dialog = button && document.getElementById(button.getAttribute("popovertarget"));
  if (!dialog?.showModal) return;
  event.preventDefault();
  if (dialog.open) dialog.close();
  else dialog.showModal();
});
addEventListener("click", ({ target }) => target.matches?.("dialog[open]") && target.close());

// Thousands stand apart once a sum is written.
const group = (field) => {
  const [, whole, rest = ""] = field.value.replace(/\s/g, "").match(/^(\d+)([.,]\d{1,2})?$/) ?? [];
  if (whole) field.value = whole.replace(/\B(?=(\d{3})+$)/g, "\u00a0") + rest.replace(".", ",");
};
addEventListener("change", (event) => event.target.matches?.("[data-money]") && group(event.target));

// − and + and the slider turn the number between them.
for (const dial of document.querySelectorAll("[data-dial]")) {
  const text = dial.querySelector("input[type=text]");
  const range = dial.querySelector("input[type=range]");
  const set = (number) => {
    range.value = number;
    text.value = range.value;
  };
  // What was typed before a reload stands in the text alone.
  range.value = parseInt(text.value, 10) || range.value;
  range.addEventListener("input", () => set(range.value));
  text.addEventListener("input", () => (range.value = parseInt(text.value, 10) || range.min));
  for (const step of dial.querySelectorAll("[data-by]")) {
    step.addEventListener("click", (event) => {
      event.preventDefault();
      set((parseInt(text.value, 10) || Number(range.min)) + Number(step.dataset.by));
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
