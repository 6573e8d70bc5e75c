// The chat, where scripts run: new lines come by server-sent events while the page is looked at, and a line is sent
// without a new page. Each event carries the number of its line, so a connection that begins anew shows nothing twice.
const chat = document.getElementById("chat");
const lines = document.getElementById("lines");
const talk = lines.parentElement;
const standing = document.getElementById("standing");
let last = Number(lines.dataset.last);
let source;
let pause = 5;

const down = () => (talk.scrollTop = talk.scrollHeight);
const put = (event) => {
  if (Number(event.lastEventId) <= last) return;
  last = Number(event.lastEventId);
  document.getElementById("no-lines").hidden = true;
  talk.hidden = false;
  lines.insertAdjacentHTML("beforeend", event.data);
  down();
};
const hang = () => {
  source?.close();
  source = undefined;
};
const listen = () => {
  // A page that nobody sees has seen nothing.
  if (document.hidden || source) return;
  source = new EventSource(`${chat.dataset.stream}?after=${last}`);
  source.addEventListener("open", () => (pause = 5));
  source.addEventListener("line", put);
  source.addEventListener("standing", (event) => (standing.innerHTML = event.data));
  // Signed out, or the chat is somebody else's now: the page itself says what is next.
  source.addEventListener("over", () => location.reload());
  source.addEventListener("error", () => {
    // The browser tries again by itself, unless the server has refused.
    if (source?.readyState !== EventSource.CLOSED) return;
    hang();
    setTimeout(listen, 1000 * pause);
    pause = Math.min(2 * pause, 60);
  });
};
document.addEventListener("visibilitychange", () => (document.hidden ? hang() : listen()));
addEventListener("pagehide", hang);
addEventListener("pageshow", listen);
down();
listen();

for (const form of document.querySelectorAll("form[data-say]")) {
  const text = form.elements.text;
  const problem = form.querySelector("[data-problem]");
  const button = form.querySelector("button");
  // What is being typed is kept by the page's own script: it hears that there is nothing left to keep.
  const set = (value) => {
    text.value = value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!text.value.trim() || button.disabled) return text.focus();
    button.disabled = true;
    problem.hidden = true;
    const [typed, body] = [text.value, new URLSearchParams(new FormData(form))];
    try {
      const headers = { accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" });
      if (answer.ok || answer.type === "opaqueredirect") {
        form.elements.key.value = crypto.randomUUID();
        set("");
      } else {
        // Refused: the page says why, as it does without scripts. The key makes it one line all the same.
        set("");
        text.value = typed;
        form.submit();
      }
    } catch {
      // What was typed stays with its key: sent again, it is one line.
      problem.textContent = chat.dataset.offline;
      problem.hidden = false;
    }
    button.disabled = false;
    text.focus();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  // Quick answers: by a press, or by Alt and their number.
  const quick = [...document.querySelectorAll("[data-quick]")];
  const insert = (link) => {
    set([text.value.trimEnd(), link.dataset.quick].filter(Boolean).join("\n"));
    text.focus();
  };
  for (const link of quick) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      insert(link);
    });
  }
  addEventListener("keydown", (event) => {
    const link = event.altKey && quick[Number(event.code.replace("Digit", "")) - 1];
    if (!link) return;
    event.preventDefault();
    insert(link);
  });
}
