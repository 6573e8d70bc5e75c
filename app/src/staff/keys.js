// Keys of a queue, where scripts run: j and k go from row to row, / to the filter, o is the browser's own Enter.
const rows = () => [...document.querySelectorAll("[data-queue] tbody a[data-open]")].filter((link) => !link.closest("[hidden]"));
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
