// Moves the calculator in the browser: no framework, the texts come with the page.
import { count, figures, money, quote, roubles, snap } from "./calculator.js";

const data = JSON.parse(document.getElementById("data").textContent);
const { words } = data;
const byId = (id) => document.getElementById(id);
const form = byId("calculator");
let { offer, amount, term } = data;

function say(id, text, kopecks) {
  const element = byId(id);
  element.textContent = text;
  if (kopecks !== undefined) element.dataset.kopecks = kopecks;
}

function dial(name, value, limits, printed, ends, steps, label) {
  const [text, range] = [byId(name), byId(`${name}-range`)];
  Object.assign(range, { min: limits[0], max: limits[1], step: limits[2], value });
  range.setAttribute("aria-valuetext", printed);
  range.setAttribute("aria-label", label);
  if (document.activeElement !== text) text.value = printed;
  text.closest(".dial").querySelector("label").textContent = label;
  const [from, to] = text.closest(".dial").querySelectorAll(".ends span");
  [from.textContent, to.textContent] = ends;
  byId(`${name}-less`).setAttribute("aria-label", steps[0]);
  byId(`${name}-more`).setAttribute("aria-label", steps[1]);
}

function draw() {
  const chosen = data.offers[offer];
  const { product, ends, steps } = chosen;
  [amount, term] = snap(product, amount, term);
  const found = quote(product, amount, term, data.start, data.firstLoan);
  const shown = figures(words, product, found);
  const inDays = product.kind === "bullet" || product.kind === "special";
  const money2 = [product.minAmount / 100, product.maxAmount / 100, product.amountStep / 100];
  dial("amount", amount, money2, roubles(amount * 100), ends.slice(0, 2), steps.slice(0, 2), words.amount);
  const label = inDays ? words.days_label : words.payments_label;
  dial("term", term, [product.minTerm, product.maxTerm, 1], count(words, product, term), ends.slice(2), steps.slice(2), label);
  const promo = byId("promo");
  promo.hidden = found.promo === "none";
  promo.classList.toggle("good", found.promo === "granted");
  if (found.promo !== "none") {
    promo.textContent = chosen.promo[found.promo];
    if (found.promo !== "granted") {
      const link = Object.assign(document.createElement("a"), {
        id: "promo-set",
        href: chosen.promo.href,
        textContent: chosen.promo.set,
      });
      promo.append(" ", link);
    }
  }
  say("due", shown.due);
  byId("due").dataset.date = shown.dueIso;
  say("total", shown.whole, found.total);
  byId("total").append(Object.assign(document.createElement("small"), { textContent: shown.cents }));
  say("on-card", money(found.amount), found.amount);
  byId("each-line").hidden = found.each === undefined;
  if (found.each !== undefined) say("each", money(found.each), found.each);
  say("overpayment-label", shown.overpaymentLabel);
  say("overpayment", money(found.overpayment), found.overpayment);
  say("rate", shown.rate);
  say("psk-percent", shown.psk);
  say("psk-roubles", money(found.overpayment), found.overpayment);
  say("apply", shown.apply);
  say("small", shown.small);
}

const typed = (text) => Number.parseInt(text.replace(/\D/g, ""), 10) || 0;
const turn = { amount: (to) => (amount = to), term: (to) => (term = to) };
for (const name of ["amount", "term"]) {
  const step = () => (name === "amount" ? data.offers[offer].product.amountStep / 100 : 1);
  const now = () => (name === "amount" ? amount : term);
  const set = (to) => {
    turn[name](to);
    draw();
  };
  byId(name).addEventListener("focus", (event) => {
    event.target.value = now();
    event.target.select();
  });
  byId(name).addEventListener("blur", () => setTimeout(draw));
  byId(name).addEventListener("input", (event) => set(typed(event.target.value)));
  byId(`${name}-range`).addEventListener("input", (event) => set(Number(event.target.value)));
  for (const [button, direction] of [["less", -1], ["more", 1]]) {
    byId(`${name}-${button}`).addEventListener("click", (event) => {
      event.preventDefault();
      set(now() + direction * step());
    });
  }
}
for (const radio of form.querySelectorAll("input[name=product]")) {
  radio.addEventListener("change", () => {
    offer = data.offers.findIndex(({ product }) => product.code === radio.value);
    draw();
  });
}
form.addEventListener("click", (event) => {
  if (event.target.id !== "promo-set") return;
  event.preventDefault();
  const { promo } = data.offers[offer].product;
  [amount, term] = [promo.maxAmount / 100, promo.maxDays];
  draw();
});
form.dataset.live = "";
