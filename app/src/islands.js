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
