//! What the browser loads: the islands, and nothing else.

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script when the module is ready.
#[wasm_bindgen]
pub fn hydrate() {
    // Keeps the islands' exports in the module.
    use app as _;
    leptos::mount::hydrate_islands();
}
