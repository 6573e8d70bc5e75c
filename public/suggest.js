// Suggestions while a name or an address is typed. Without it each field has a short list of its own, and whatever is
// typed counts.
const PAUSE = 250;
const now = (name) => document.querySelector(`[name="${name}"]`)?.value ?? "";

for (const field of document.querySelectorAll("input[data-suggest]")) {
  const list = document.getElementById(field.getAttribute("list"));
  let timer;
  let asked;
  // Choosing from the list is no typing: the browser says so, or the text is an entry of it.
  const chosen = () => [...list.options].some((option) => option.value === field.value);
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new URLSearchParams({ field: field.name, text: field.value, region: now("region"), city: now("city") });
    try {
      const answer = await fetch("/suggest", { method: "POST", body, signal: asked.signal });
      if (!answer.ok) return;
      const found = await answer.json();
      list.replaceChildren(...found.map((text) => Object.assign(document.createElement("option"), { value: text })));
    } catch {
      // Without a connection, or too late: the list stays as it is.
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (field.value.trim() !== "" && !chosen()) timer = setTimeout(ask, PAUSE);
  });
}
