// The sandbox's control side: messages that people receive, the clock, ordered trouble.
import { setTimeout as pause } from "node:timers/promises";

export type Fault = {
  /** The call it strikes (`payments.create`) or a group of calls (`webhook`, `sms`). */
  on: string;
  kind:
    | "delay"
    | "hang"
    | "error500"
    | "error500_after_success"
    | "error429"
    | "accepted202"
    | "lost"
    | "copies"
    | "shuffle"
    | "garbage";
  ms?: number;
  copies?: number;
  /** How many calls; 0 means until the faults are cleared. */
  times?: number;
  every?: number;
};

export type Message = {
  id: number;
  channel: "sms" | "email";
  to: string;
  subject: string | null;
  text: string;
  at: string;
};

// "@kopeck.example #123456", the line browsers read, or "код 123456".
const CODE = /#(\d{4,8})\s*$|код\D{0,20}(\d{4,8})/i;

export class Sandbox {
  /** The newest message already handed out, by addressee: `next` waits for one after it. */
  #seen = new Map<string, number>();

  constructor(readonly url: string) {}

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.url + path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** Everything a phone or an address received, oldest first. */
  messages(to: string, after = 0): Promise<Message[]> {
    return this.call("GET", `/inbox.json?to=${encodeURIComponent(to)}&after=${after}`);
  }

  /** What has come so far counts as read: `next` and `sms` wait for something newer. */
  async skip(to: string): Promise<void> {
    const last = (await this.messages(to)).at(-1);
    if (last) this.#seen.set(to, last.id);
  }

  /** The newest message that matches and that no earlier call has returned; waits for it. */
  async next(to: string, matching: RegExp, patience = 10_000, channel: Message["channel"] = "sms"): Promise<Message> {
    const until = Date.now() + patience;
    for (;;) {
      const fresh = await this.messages(to, this.#seen.get(to));
      const found = fresh.findLast((message) => message.channel === channel && matching.test(message.text));
      if (found) {
        this.#seen.set(to, found.id);
        return found;
      }
      if (Date.now() > until) throw new Error(`nothing like ${matching} came to ${to} in ${patience} ms`);
      await pause(50);
    }
  }

  /** The code in the next SMS to this phone. */
  async sms(phone: string): Promise<string> {
    const [, last, named] = (await this.next(phone, CODE)).text.match(CODE) ?? [];
    return last ?? named ?? "";
  }

  async now(): Promise<Date> {
    const { now } = await this.call<{ now: string }>("GET", "/clock");
    return new Date(now);
  }

  /** Moves the business clock of both programs forward; it never goes back. */
  async advanceDays(days: number): Promise<void> {
    await this.call("POST", "/clock", { advance_days: days });
  }

  async advanceSeconds(seconds: number): Promise<void> {
    await this.call("POST", "/clock", { advance_seconds: seconds });
  }

  async order(fault: Fault): Promise<void> {
    await this.call("POST", "/faults", fault);
  }

  async clearFaults(): Promise<void> {
    await this.call("DELETE", "/faults");
  }
}
