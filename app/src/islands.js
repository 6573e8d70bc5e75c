// Wakes the islands of a page. Follows leptos/src/hydration/island_script.js (MIT), and differs in what it spares the
// reader: a page without islands loads nothing, the module and its WebAssembly are fetched side by side, and
// nothing is preloaded, so that neither competes with the text and the fonts.
((js, wasm) => {
  // An island inside another's children wakes after its parent has said what those children see.
  const parents = [];
  const wake = async (node, module) => {
    for (const child of node.children) {
      const tag = child.tagName.toLowerCase();
      if (tag === "leptos-island") {
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
    module.hydrate();
    await wake(document.body, module);
  };
  // The calculator's address follows it, so that a reload and the way back find it as it was left.
  const form = document.getElementById("calculator");
  const follow = () => history.replaceState(null, "", `?${new URLSearchParams(new FormData(form))}`);
  for (const kind of form ? ["change", "click", "submit"] : []) form.addEventListener(kind, () => setTimeout(follow));
  // A page left before its islands were awake is no error.
  const quiet = () => start().catch((failure) => console.info("islands are asleep", failure));
  if ("requestIdleCallback" in window) requestIdleCallback(quiet, { timeout: 500 });
  else setTimeout(quiet, 1);
})
