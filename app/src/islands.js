// Wakes the islands of a page. Follows leptos/src/hydration/island_script.js (MIT), and differs in what it spares the
// reader: a page without islands loads nothing, the module and its WebAssembly are fetched side by side, and
// nothing is preloaded, so that neither competes with the text and the fonts.
((js, wasm) => {
  // An island inside another's children wakes after its parent has said what those children see.
  const parents = [];
  // Between two steps a press is answered: together they would hold a cheap phone for a tenth of a second.
  const breath = () => new Promise((resolve) => setTimeout(resolve));
  const wake = async (node, module) => {
    for (const child of node.children) {
      const tag = child.tagName.toLowerCase();
      if (tag === "leptos-island") {
        await breath();
        parents.at(-1)?.();
        await module[child.dataset.component]?.(child);
      }
      if (tag === "leptos-children") parents.push(child.$$on_hydrate);
      await wake(child, module);
      if (tag === "leptos-children") parents.pop();
    }
  };
  const start = async () => {
    if (!document.querySelector("leptos-island")) return;
    const bytes = fetch(wasm);
    const module = await import(js);
    await module.default({ module_or_path: bytes });
    await breath();
    module.hydrate();
    await wake(document.body, module);
  };
  // The next page takes long: a line says that it is on its way. The style waits a second before it shows.
  const root = document.documentElement;
  const stay = () => delete root.dataset.leaving;
  const leave = () => {
    root.dataset.leaving = "";
    setTimeout(stay, 30_000);
  };
  addEventListener("pageshow", stay);
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    const here = link.pathname + link.search === location.pathname + location.search;
    if (!here || !link.hash) leave();
  });
  // A form that answers in place prevents the sending and shows its own progress.
  addEventListener("submit", (event) => setTimeout(() => event.defaultPrevented || leave()));
  // A reload and the way back find the calculator as it was left; its island takes what stands in the fields.
  const resume = (form) => {
    addEventListener("pagehide", () => (sessionStorage.calculator = new URLSearchParams(new FormData(form))));
    if (performance.getEntriesByType("navigation")[0].type === "navigate") return;
    for (const [name, value] of new URLSearchParams(sessionStorage.calculator)) form.elements[name].value = value;
  };
  try {
    const form = document.getElementById("calculator");
    if (form) resume(form);
  } catch {
    // Storage is refused: it begins anew.
  }
  // A page left before its islands were awake is no error.
  const quiet = () => start().catch((failure) => console.info("islands are asleep", failure));
  if ("requestIdleCallback" in window) requestIdleCallback(quiet, { timeout: 500 });
  else setTimeout(quiet, 1);
})
