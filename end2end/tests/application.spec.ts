// From the calculator to a signed offer, as far as the page itself decides it.
import { type Page } from "@playwright/test";
import { Borrower, CARDS } from "../support/borrower";
import { answers, approved, bindCard, decided, registered, signed, type Known } from "../support/http";
import { enterAs } from "../support/session";
import { expect, test, type World } from "../support/world";

test.use({ expectedConsole: [/status of 422/] });

type Choice = { product?: string; amount: number; term: number };
const address = ({ product = "short", amount, term }: Choice) => `/?product=${product}&amount=${amount}&term=${term}`;

/** Every figure of the calculator, as a person reads it. */
async function figures(page: Page): Promise<Record<string, string>> {
  const read = (selector: string) => page.locator(selector).innerText();
  return {
    total: (await page.locator("#total").getAttribute("data-kopecks")) ?? "",
    due: (await page.locator("#due").getAttribute("data-date")) ?? "",
    dueText: await read("#due"),
    overpayment: await read("#overpayment"),
    rate: await read("#rate"),
    percent: await read("#psk-percent"),
    roubles: await read("#psk-roubles"),
    apply: await read("#apply"),
  };
}

async function live(page: Page, js: boolean): Promise<void> {
  if (js) await expect(page.locator("#calculator")).toHaveAttribute("data-live", "");
}

test("the calculator: buttons, typing, limits, and the promise of the first loan kept to the rouble", async ({
  page,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  const total = (kopecks: number) => expect(page.locator("#total")).toHaveAttribute("data-kopecks", String(kopecks));

  await test.step("free exactly while both the sum and the term are inside", async () => {
    await page.goto("/");
    await live(page, js);
    await total(1_500_000);
    await expect(page.locator("#psk-percent")).toContainText("0,000");
    await expect(page.locator("#psk-roubles")).toHaveAttribute("data-kopecks", "0");
    await expect(page.locator("#promo")).toHaveClass(/good/);
    for (const [button, kopecks] of [
      ["#term-more", Math.round(1_500_000 * (1 + 0.008 * 21))],
      ["#term-less", 1_500_000],
      ["#amount-more", Math.round(1_550_000 * (1 + 0.008 * 20))],
      ["#amount-less", 1_500_000],
    ] as const) {
      await page.locator(button).click();
      await total(kopecks);
      await expect(page.locator("#promo"))[kopecks === 1_500_000 ? "toHaveClass" : "toContainText"](
        kopecks === 1_500_000 ? /good/ : /Выбранн.* больше, поэтому ставка обычная/,
      );
    }
    await page.goto(address({ amount: 16_000, term: 25 }));
    await live(page, js);
    await page.locator("#promo-set").click();
    await total(1_500_000);
    await shot(page, "calculator-free");
  });

  await test.step("what does not fit is brought to the nearest that does, and said so", async () => {
    const type = async (field: "amount" | "term", text: string) => {
      await page.locator(`#${field}`).fill(text);
      if (!js) await page.locator(".recount").click();
    };
    await type("amount", "250000");
    await expect(page.locator("#amount-note")).toContainText(/от 1.000.₽ до 30.000.₽, шаг 500.₽\. Посчитали для 30.000.₽/);
    await expect(page.locator("#term")).toHaveValue(/20/);
    // While it is typed, nobody corrects the hand.
    if (js) await expect(page.locator("#amount")).toHaveValue("250000");
    await page.locator("#term").focus();
    await expect(page.locator("#amount")).toHaveValue(/^30.000/);
    await total(Math.round(3_000_000 * (1 + 0.008 * 20)));
    await type("term", "3");
    await expect(page.locator("#term-note")).toContainText(/от 7 до 45\. Посчитали: 7.дней/);
    await type("amount", "12 345 ₽");
    // Rounded down to the step; twelve thousand for a week is free again.
    await total(1_200_000);
    await type("term", "90");
    await total(Math.round(1_200_000 * (1 + 0.008 * 45)));
    await shot(page, "calculator-moved");
    await type("amount", "много");
    await expect(page.locator("#amount-note")).toBeVisible();
    await expect(page.locator("#apply")).toBeEnabled();
  });

  await test.step("in instalments, up to 100 000 ₽", async () => {
    await page.locator("input[name=product][value=monthly]").check();
    if (!js) await page.locator(".recount").click();
    await live(page, js);
    await page.locator("#amount").fill("100 000");
    await page.locator("#term").fill("6");
    if (!js) await page.locator(".recount").click();
    await expect(page.locator("#calculator")).toContainText("Каждый платёж");
    await expect(page.locator("#promo")).toHaveCount(0);
    await expect(page.locator("#apply")).toContainText(/100.000/);
    await shot(page, "calculator-monthly");
    await page.locator("#apply").click();
    await expect(page).toHaveURL(/\/apply\?.*product=monthly/);
    await expect(page.locator("main")).toContainText(/100.000/);
    await expect(page.locator("main")).toContainText("6 платежей");
  });
});

// A browser with scripts and one without stand side by side in it.
test("the figures are the same with scripts and without, and no request is made for them", { tag: "@scripts" }, async ({
  page,
  browser,
  world,
  viewport,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport, locale: "ru-RU", baseURL: world.url });
  const drawn = await context.newPage();
  await page.goto("/");
  await live(page, true);
  await page.waitForLoadState("networkidle");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const choices: Choice[] = [
    { amount: 15_000, term: 20 },
    { amount: 15_000, term: 21 },
    { amount: 1_000, term: 7 },
    { amount: 29_500, term: 45 },
    { product: "long", amount: 77_000, term: 12 },
    { product: "monthly", amount: 100_000, term: 6 },
    { product: "special", amount: 9_500, term: 15 },
  ];
  for (const choice of choices) {
    const { product = "short", amount, term } = choice;
    await page.locator(`input[name=product][value=${product}]`).check();
    await page.locator("#amount").fill(String(amount));
    await page.locator("#term").fill(String(term));
    await page.locator("#term").blur();
    await drawn.goto(address(choice));
    expect(await figures(page), JSON.stringify(choice)).toEqual(await figures(drawn));
  }
  const range = (id: string) => page.locator(`#${id}-range`);
  await page.locator("input[name=product][value=short]").check();
  await page.locator("#amount").fill("10000");
  await range("amount").focus();
  await page.keyboard.press("ArrowRight");
  await expect(range("amount")).toHaveAttribute("aria-valuetext", /10.500/);
  await page.keyboard.press("End");
  await expect(page.locator("#amount")).toHaveValue(/^30.000/);
  await range("term").focus();
  await page.keyboard.press("Home");
  await expect(page.locator("#term")).toHaveValue(/^7/);
  // A press in the middle of the slider, as a finger does.
  const box = await range("term").boundingBox();
  if (box === null) throw new Error("the slider is not drawn");
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.locator("#term")).toHaveValue(/^2[567]/);
  expect(asked).toEqual([]);
  await context.close();
});

test("the offer: the law's table, two frames, no answer given for the borrower, and a code that signs", async ({
  page,
  browser,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  const offered = await approved(world, 1, { amount: 20_000, term: 21 });
  const b = new Borrower(page, world, offered.who, js);
  await enterAs(page, offered.client);
  await bindCard(offered);
  await bindCard(offered, CARDS.secure);
  await page.goto(`/offer/${offered.contract}`);

  await test.step("the table and the frames", async () => {
    const rows = page.locator("#terms [data-row]");
    const numbers = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-row")));
    const law = ["1", "2", "3", "4", "5", "5.1", "6", "7", "8", "8.1", ...Array.from({ length: 8 }, (_, n) => String(n + 9))];
    expect(numbers).toEqual(law);
    const texts = await rows.locator("td:last-child").allInnerTexts();
    expect(texts.filter((text) => text.trim() === "")).toEqual([]);
    for (const empty of ["5", "5.1", "9", "10", "11", "15"]) {
      await expect(page.locator(`[data-row="${empty}"] td`).last()).toHaveText("Отсутствует");
    }
    const frames = page.locator(".psk > div");
    await expect(frames).toHaveCount(2);
    const [percent = "", roubles = ""] = await frames.allInnerTexts();
    expect(percent.replace(/\s+/g, " ")).toMatch(/^ПОЛНАЯ СТОИМОСТЬ ЗАЙМА 292,000.% ДВЕСТИ ДЕВЯНОСТО ДВА.* ГОДОВЫХ$/);
    expect(roubles.replace(/\s+/g, " ")).toMatch(/^ПОЛНАЯ СТОИМОСТЬ ЗАЙМА 3.360,00 ₽ ТРИ ТЫСЯЧИ ТРИСТА ШЕСТЬДЕСЯТ РУБЛЕЙ 00 КОПЕЕК$/);
    // Before the table, on its right edge, as wide as high or nearly.
    const [first, second, table] = await Promise.all([
      frames.first().boundingBox(),
      frames.last().boundingBox(),
      page.locator("#terms").boundingBox(),
    ]);
    if (!first || !second || !table) throw new Error("the frames or the table are not drawn");
    expect(second.y + second.height).toBeLessThan(table.y);
    expect(Math.abs(second.x + second.width - (table.x + table.width))).toBeLessThan(3);
    expect(Math.abs(first.height - second.height)).toBeLessThan(1);
    await expect(page.locator("#cap-notice")).toContainText(/100\s%.*20.000,00/);
    await expect(page.locator("#last-date")).toHaveAttribute("data-date", /^\d{4}-\d\d-\d\d$/);
    await expect(page.locator("#in-hand")).toHaveAttribute("data-kopecks", "2000000");
    await expect(page.locator("#to-return")).toHaveAttribute("data-kopecks", "2336000");
    await expect(page.locator("#add-ons")).toHaveAttribute("data-kopecks", "0");
  });

  await test.step("somebody else sees nothing here", async () => {
    const stranger = await registered(world, 2);
    const context = await browser.newContext({ javaScriptEnabled: js, baseURL: world.url });
    const theirs = await context.newPage();
    await enterAs(theirs, stranger.client);
    const answer = await theirs.goto(`/offer/${offered.contract}`);
    expect(answer?.status()).toBe(404);
    await expect(theirs.locator("body")).not.toContainText("20 000");
    await context.close();
  });

  await test.step("on a phone the answers are a tap away, past the table", async () => {
    const narrow = (page.viewportSize()?.width ?? 0) < 960;
    await expect(page.locator("#to-answer")).toBeVisible({ visible: narrow });
    if (narrow) {
      await page.locator("#to-answer").click();
      await expect(page.locator("#answer")).toBeInViewport();
    }
  });

  await test.step("two questions that only the borrower can answer", async () => {
    await expect(page.locator("[name=assignment]:checked, [name=card]:checked")).toHaveCount(0);
    await b.press("#prepare");
    await expect(page.locator("[data-field=assignment] .error")).toBeVisible();
    await expect(page.locator("[data-field=card] .error")).toBeVisible();
    await page.locator("[name=card]").first().check();
    await b.press("#prepare");
    await expect(page.locator("[data-field=assignment] .error")).toBeVisible();
    await expect(page.locator("[data-field=card] .error")).toBeHidden();
    await expect(page.locator("[name=card]").first()).toBeChecked();
    await shot(page, "offer-assignment");
    await page.locator("[name=assignment][value=no]").check();
    await b.press("#prepare");
    await expect(page.locator("#f-code")).toBeInViewport();
  });

  await test.step("a wrong code loses nothing", async () => {
    const code = await world.sandbox.sms(offered.phone);
    await expect(page.locator("[data-row='13'] td").last()).toContainText("запрещает");
    const text = await page.locator("main .hash").last().innerText();
    await page.locator("#f-code").fill(String((Number(code) + 1) % 1_000_000).padStart(6, "0"));
    await b.press("#sign");
    await expect(page.locator("#f-code-error")).toContainText("Осталось 2 попытки");
    // The table is long: what has to be done is in view.
    await expect(page.locator("#f-code")).toBeFocused();
    await expect(page.locator("#f-code-error")).toBeInViewport();
    await shot(page, "offer-wrong-code");
    await page.reload();
    await expect(page.locator("[data-row='13'] td").last()).toContainText("запрещает");
    expect(await page.locator("main .hash").last().innerText()).toBe(text);
    await expect(page.locator("#honest")).toContainText(/44|11/);
    await page.locator("#f-code").fill(code);
    await b.press("#sign");
    await expect(page).toHaveURL(/\/loans\//, { timeout: 20_000 });
  });
});

/** 60 000 ₽ in four parts where incomes are small: more than half of one would go to debts. */
async function large(world: World, n: number): Promise<Known> {
  const known = await registered(world, n, { product: "long", amount: 60_000, term: 4 });
  await known.client.done("profile/address", { ...answers(known.who).address, region: "01" });
  return known;
}

test("a large loan: the burden is named, four hours to think, a free way out, then the money", async ({
  page,
  world,
  shot,
  javaScriptEnabled,
}) => {
  const js = javaScriptEnabled ?? true;
  const known = await large(world, 1);
  const b = new Borrower(page, world, known.who, js);
  await enterAs(page, known.client);
  await decided(known);
  await page.goto("/application");
  await expect(page.locator("#pdn-warning")).toContainText("Больше половины дохода");
  expect(Number(await page.locator("#pdn").getAttribute("data-tenths"))).toBeGreaterThan(500);
  await expect(page.locator("#pdn")).toContainText(/из среднего дохода по региону 67.000,00/);
  await shot(page, "approved-burden");
  await page.locator("#to-offer").click();
  await expect(page.locator("#pdn-warning")).toBeVisible();
  const contract = new URL(page.url()).pathname.replace("/offer/", "");
  const offered = { ...known, contract };
  await signed(world, offered, await bindCard(offered));
  await page.goto(`/offer/${contract}`);
  await expect(page.locator("#payout")).toHaveAttribute("data-status", "cooling");
  const left = page.locator("#cooling-left");
  await expect(left).toHaveText(/^(4:00:00|3:59:\d\d)$/);
  if (js) {
    const before = await left.innerText();
    await expect(left).not.toHaveText(before);
  }
  await shot(page, "cooling");

  await test.step("until it is over no money leaves; then it does", async () => {
    await world.sandbox.advanceSeconds(4 * 3600 - 120);
    await page.goto(`/offer/${contract}`);
    await expect(page.locator("#payout")).toHaveAttribute("data-status", "cooling");
    const register = await world.sandbox.call<{ totals: { payouts: { count: number } } }>("GET", "/register.json");
    expect(register.totals.payouts.count).toBe(0);
    await world.sandbox.advanceSeconds(120);
    await page.goto(`/offer/${contract}`);
    await expect(page).toHaveURL(/\/loans\//, { timeout: 20_000 });
    // Its end is a step of the loan's way, between the signature and the money.
    const steps = page.locator("#timeline [data-step]");
    const codes = await steps.evaluateAll((all) => all.map((step) => step.getAttribute("data-step")));
    expect(codes).toEqual(["filed", "approved", "signed", "cooled", "issued", "reported", "due"]);
  });

  await test.step("another one changes their mind", async () => {
    const other = await large(world, 2);
    await decided(other);
    await page.context().clearCookies();
    await enterAs(page, other.client);
    await page.goto("/application");
    await page.locator("#to-offer").click();
    const theirs = { ...other, contract: new URL(page.url()).pathname.replace("/offer/", "") };
    await signed(world, theirs, await bindCard(theirs));
    await page.goto(`/offer/${theirs.contract}`);
    await page.locator("#cancel-dialog-open").click();
    await b.press("#cancel");
    await expect(page.locator("#offer")).toHaveAttribute("data-status", "cancelled");
    await expect(page.locator("main")).toContainText("деньги не отправлены, вы ничего не должны");
    await shot(page, "cancelled");
    await page.goto("/application");
    await expect(page.locator("#application")).toHaveAttribute("data-status", "cancelled");
  });
});

test("a refusal names its rules in plain words; what a program may not decide, a person does", async ({
  page,
  world,
  shot,
}) => {
  const refused = await registered(world, 1);
  const expensive = { psk: "292.000", amount: "10000.00", monthly_payment: "12000.00" };
  await world.sandbox.call("PUT", `/bureau/people/${refused.who.inn}`, { self_ban: true, open_loans: [expensive, expensive] });
  await enterAs(page, refused.client);
  await decided(refused);
  await page.goto("/application");
  const application = page.locator("#application");
  await expect(application).toHaveAttribute("data-status", "refused");
  await expect(page.locator("#reasons li")).toHaveCount(2);
  await expect(page.locator("[data-rule=self_ban]")).toContainText(/запрет на выдачу.*Госуслуг.*353-ФЗ/s);
  await expect(page.locator("[data-rule=expensive_loans]")).toContainText(/дорогие займы.*закон об ограничении дорогих займов/s);
  // A Russian page says it in Russian.
  expect(await page.locator("#reasons").innerText()).not.toMatch(/[a-z]{3}/i);
  await shot(page, "refused");

  const doubtful = await registered(world, 2);
  await world.sandbox.call("PUT", `/bureau/people/${doubtful.who.inn}`, { score: 400 });
  await page.context().clearCookies();
  await enterAs(page, doubtful.client);
  await decided(doubtful);
  await page.goto("/application");
  await expect(application).toHaveAttribute("data-status", "specialist");
  await expect(application).toContainText("ежедневно с 8:00 до 22:00");
  await shot(page, "specialist");
  const number = await page.locator("#application-number").innerText();
  const said = await world.kopeck("decide", number, "--approve");
  expect(said.output).toContain("approved");
  await page.reload();
  await page.locator("#to-offer").click();
  await expect(page.locator("#offer")).toHaveAttribute("data-status", "offered");
});
