// The lender's bank: a statement in the text that every bank's client program exchanges.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Incoming = { number: string; sum: string; day: string; purpose: string };

/** Writes a statement of an account; days as 2026-12-01. Answers the file's path. */
export function statement(account: string, incoming: Incoming[]): string {
  const documents = incoming.flatMap(({ number, sum, day, purpose }) => [
    "СекцияДокумент=Платежное поручение",
    `Номер=${number}`,
    `Сумма=${sum}`,
    `ДатаПоступило=${day.split("-").reverse().join(".")}`,
    "ПлательщикСчет=40817810000000000007",
    "Плательщик1=Иванова Анна",
    `ПолучательСчет=${account}`,
    `НазначениеПлатежа=${purpose}`,
    "КонецДокумента",
  ]);
  const file = join(mkdtempSync(join(tmpdir(), "statement-")), "kl_to_1c.txt");
  writeFileSync(file, ["1CClientBankExchange", `РасчСчет=${account}`, ...documents, "КонецФайла"].join("\r\n"));
  return file;
}
