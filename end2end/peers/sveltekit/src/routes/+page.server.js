import taken from "$lib/taken.json";
import { snap } from "$lib/taken-calculator.js";

// The address chooses, as in ours.
export function load({ url }) {
  const asked = url.searchParams;
  const offer = Math.max(0, taken.offers.findIndex(({ product }) => product.code === asked.get("product")));
  const number = (name) => Number.parseInt((asked.get(name) ?? "").replace(/\s/g, ""), 10);
  const [amount, term] = snap(
    taken.offers[offer].product,
    number("amount") || taken.amount,
    number("term") || taken.term,
  );
  return { taken: { ...taken, offer, amount, term } };
}
