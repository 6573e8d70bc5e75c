// The server functions, as server/tests/api.txt lists them.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

export type Kind = "AppealId" | "ContractId" | "InstrumentId" | "LoanId" | "PaymentId" | "ProlongationId" | "SignInId";
export type Argument = { name: string; optional: boolean; kind: Kind | undefined };
export type ServerFunction = { endpoint: string; who: "anyone" | "visitor" | "borrower"; arguments: Argument[] };
export type Ids = Record<Kind, string>;

export const FUNCTIONS: ServerFunction[] = readFileSync(resolve(__dirname, "../../server/tests/api.txt"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("POST /api/v1/"))
  .map((line) => {
    const [, path = "", who, ...rest] = line.split(" ");
    return {
      endpoint: path.replace("/api/v1/", ""),
      who: who as ServerFunction["who"],
      arguments: rest.map((word) => {
        const [name = "", kind] = word.split("=");
        return { name: name.replace("?", ""), optional: name.endsWith("?"), kind: kind as Kind | undefined };
      }),
    };
  });

export const NOBODYS: Ids = {
  AppealId: randomUUID(),
  ContractId: randomUUID(),
  InstrumentId: randomUUID(),
  LoanId: randomUUID(),
  PaymentId: randomUUID(),
  ProlongationId: randomUUID(),
  SignInId: randomUUID(),
};

const HONEST: Record<string, string> = {
  phone: "+79001239999",
  next: "/cabinet",
  code: "000000",
  product: "short",
  amount: "20000",
  term: "30",
  assignment: "no",
  what: "sum",
  return_to: "/cabinet",
  days: "14",
  on: "01.12.2026",
  agreement_esign: "yes",
  birth_date: "12.05.1990",
  sex: "female",
  passport_date: "20.06.2015",
  passport_code: "770-001",
  public_official: "no",
  region: "77",
  income: "80000",
  expenses: "30000",
  email: "anna@example.org",
  login: "+79001239999",
  password: "восемь сосен",
  repeat: "восемь сосен",
  consent: "yes",
  tail: "0000",
  token: "000000000000000000000000000000000000000000",
  challenge: "",
  proof: "",
  answer: "",
};

/** Where a name means something else than elsewhere. */
const HONEST_THERE: Record<string, Record<string, string>> = {
  "autopay/agree": { card: randomUUID(), days_before: "1", hour: "10", cap_debit: "10000", cap_month: "20000", rule: "month", month_day: "15" },
  "autopay/change": { what: "pause" },
  "bonus/spend": { amount: "1", back: "pay" },
  "draw/answer": { prize: randomUUID(), word: "take" },
  "draw/join": { draw: "good-year", rules: "0".repeat(64) },
  "draw/leave": { draw: "good-year" },
  "document/issue": { kind: "statement", from: "2026-12-01", to: "2026-12-02" },
  "payment/start": { card: "", method: "card", keep: "term", quote: "" },
  "request/appeal": { kind: "debt", text: "долг посчитан неверно" },
  "payout/add-tool": { way: "wallet", wallet: "4100175017397" },
};

/** What an honest form would send. */
export function honest(called: ServerFunction, ids: Ids = NOBODYS): Record<string, string> {
  return Object.fromEntries(
    called.arguments.map(({ name, kind }) => {
      if (kind) return [name, ids[kind]];
      const there = HONEST_THERE[called.endpoint]?.[name];
      if (there !== undefined) return [name, there];
      // A list of what is ticked.
      if (called.endpoint === "profile/notices" && name === "on") return ["on[0]", "sms.due_3"];
      if (name === "key") return [name, randomUUID()];
      return [name, HONEST[name] ?? "Анна"];
    }),
  );
}
