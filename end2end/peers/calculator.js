// The peers' calculator: a quote of one choice and its texts. Money in kopecks, rates in millionths, days of the common era.
const DAY = 86_400_000;
/** 1970-01-01 counted from the first day of the common era. */
const EPOCH = 719_163;
const date = (days) => new Date((days - EPOCH) * DAY);

const later = (start, product, number) => {
  if (product.kind === "every_n_days") return start + product.days * number;
  const from = date(start);
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + number, 1));
  const last = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
  month.setUTCDate(Math.min(from.getUTCDate(), last));
  return month / DAY + EPOCH;
};

/** Payments [day, kopecks] of equal parts; the last one takes what is left. */
function parts(product, amount, term, start) {
  const days = Array.from({ length: term }, (_, index) => later(start, product, index + 1));
  const left = (payment) => {
    let debt = amount;
    let before = start;
    const paid = [];
    for (const [index, day] of days.entries()) {
      const interest = Math.round((debt * product.dailyRate * (day - before)) / 1e6);
      const now = index === term - 1 ? debt + interest : payment;
      debt += interest - now;
      before = day;
      paid.push([day, now]);
    }
    return paid;
  };
  let [low, high] = [1, amount * 2];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (left(middle).at(-1)[1] <= middle) high = middle;
    else low = middle + 1;
  }
  return left(low);
}

/** Thousandths of a percent a year. */
function psk(amount, payments, start, product) {
  const months = product.kind === "monthly";
  const base = months ? 1 : payments.length === 1 ? payments[0][0] - start : product.days;
  const inYear = months ? 12 : 365 / base;
  const value = (rate) =>
    payments.reduce((sum, [day, paid], index) => {
      const periods = months ? index + 1 : (day - start) / base;
      return sum + paid / (1 + rate) ** periods;
    }, -amount);
  let [low, high] = [0, 10];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (value(middle) > 0) low = middle;
    else high = middle;
  }
  return Math.round(low * inYear * 100_000);
}

export function quote(product, roubles, term, start, firstLoan) {
  const amount = roubles * 100;
  const promo = product.promo && (firstLoan || !product.promo.firstLoanOnly) ? product.promo : undefined;
  const promoState = !promo
    ? "none"
    : amount > promo.maxAmount
      ? "amount"
      : term > promo.maxDays
        ? "term"
        : "granted";
  const rate = promoState === "granted" ? promo.dailyRate : product.dailyRate;
  let payments;
  if (product.kind === "bullet") {
    // At the highest rate that the law allows, rounding is down.
    const interest = (amount * rate * term) / 1e6;
    payments = [[start + term, amount + (rate === 8000 ? Math.floor(interest) : Math.round(interest))]];
  } else if (product.kind === "special") {
    const { fixed, value } = product.specialPrice;
    payments = [[start + term, amount + (fixed ? value : Math.floor((amount * value) / 1e6))]];
  } else payments = parts(product, amount, term, start);
  const total = payments.reduce((sum, [, paid]) => sum + paid, 0);
  const byDays = product.kind === "bullet" && rate > 0;
  return {
    amount,
    term,
    rate,
    promo: promoState,
    total,
    overpayment: total - amount,
    due: payments.at(-1)[0],
    each: payments.length > 1 ? payments[0][1] : undefined,
    daily: byDays ? Math.floor((amount * rate) / 1e6) : 0,
    psk: psk(amount, payments, start, product),
    cap: product.kind === "special" ? undefined : Math.floor((amount * 13) / 10),
  };
}

const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u00a0");
const cents = (kopecks) => String(kopecks % 100).padStart(2, "0");
export const roubles = (kopecks) => (kopecks % 100 ? money(kopecks) : `${grouped(kopecks / 100)}\u00a0₽`);
export const money = (kopecks) => `${grouped(Math.floor(kopecks / 100))},${cents(kopecks)}\u00a0₽`;
const percent = (ppm) => String(ppm / 10_000).replace(".", ",");
const countsDays = (product) => product.kind === "bullet" || product.kind === "special";

export function count(words, product, number) {
  const { forms, slavic } = countsDays(product) ? words.days : words.payments;
  const [ten, hundred] = [number % 10, number % 100];
  const one = slavic ? ten === 1 && hundred !== 11 : number === 1;
  const few = slavic && ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14);
  return (one ? forms[0] : few ? forms[1] : forms[2]).replace("{n}", number);
}

/** Every text and figure of the card. */
export function figures(words, product, found) {
  const due = date(found.due);
  const by = words.date
    .replace("{w}", words.weekdays[(due.getUTCDay() + 6) % 7])
    .replace("{d}", due.getUTCDate())
    .replace("{m}", words.months[due.getUTCMonth()]);
  const byDays = found.daily > 0;
  const label = byDays
    ? words.overpayment_days.replace("{n}", count(words, product, found.term)).replace("{sum}", roubles(found.daily))
    : words.overpayment;
  const small = [
    byDays ? words.earlier.replace("{sum}", roubles(found.daily)) : "",
    found.cap === undefined ? "" : words.cap.replace("{sum}", roubles(found.amount + found.cap)),
  ];
  return {
    due: (countsDays(product) ? words.due : words.due_parts).replace("{date}", by),
    dueIso: due.toISOString().slice(0, 10),
    whole: grouped(Math.floor(found.total / 100)),
    cents: `,${cents(found.total)}\u00a0₽`,
    overpaymentLabel: label,
    rate: product.kind === "special" ? words.rate_fixed : words.rate_day.replace("{p}", percent(found.rate)),
    psk: `${(found.psk / 1000).toFixed(3).replace(".", ",")}\u00a0%`,
    apply: words.apply.replace("{sum}", roubles(found.amount)),
    small: small.filter(Boolean).join(" "),
  };
}

/** The nearest amount and term that the product lends. */
export function snap(product, amount, term) {
  const [least, greatest, step] = [product.minAmount, product.maxAmount, product.amountStep || 100].map((it) => it / 100);
  const inside = Math.min(Math.max(amount, least), greatest);
  return [inside - ((inside - least) % step), Math.min(Math.max(term, product.minTerm), product.maxTerm)];
}
