// Keys of a queue, where scripts run: j and k go from row to row, / to the filter, o is the browser's own Enter. A queue that is
// a list has its steps in each line: the first of them is gone to.
const STEP = "a, summary, input:not([type=hidden]), button";
const rows = () => {
  const lines = [...document.querySelectorAll("ul[data-queue] > li")].map((line) => line.querySelector(STEP));
  const links = document.querySelectorAll("[data-queue] tbody a[data-open]");
  return [...links, ...lines].filter((link) => link && !link.closest("[hidden]"));
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key === "/") {
    const filter = document.querySelector("[data-filter] :is(input, select)");
    if (!filter) return;
    event.preventDefault();
    filter.focus();
  }
  const step = { j: 1, k: -1 }[event.key];
  if (!step) return;
  const links = rows();
  const at = links.indexOf(document.activeElement);
  links.at(at < 0 ? (step > 0 ? 0 : -1) : Math.min(Math.max(at + step, 0), links.length - 1))?.focus();
});

// A queue that others fill is asked for again while it is looked at; whoever has left the desk keeps no session open.
let touched = Date.now();
for (const kind of ["keydown", "pointermove", "scroll"]) addEventListener(kind, () => (touched = Date.now()), { passive: true });
const again = async () => {
  const here = document.querySelector("[data-refresh]");
  if (document.hidden || Date.now() - touched > 600_000 || here.querySelector("select:focus")) return;
  try {
    const answer = await fetch(location.href);
    if (answer.redirected) return location.reload();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-refresh]");
    if (!fresh || fresh.textContent === here.textContent) return;
    const focused = here.contains(document.activeElement) && document.activeElement.getAttribute("href");
    here.replaceWith(fresh);
    if (focused) fresh.querySelector(`a[href="${focused}"]`)?.focus();
  } catch {
    // No connection just now.
  }
};
if (document.querySelector("[data-refresh]")) setInterval(again, 5000);
