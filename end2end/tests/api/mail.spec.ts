// Letters through a real mail host: the SMTP server of npm takes them, Python's library of mail reads them.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { Client } from "../../support/http";
import { freePort } from "../../support/processes";
import { expect, test } from "../../support/world";

const { SMTPServer } = createRequire(__filename)("smtp-server") as {
  SMTPServer: new (options: object) => { listen(port: number, host: string, ready: () => void): void; close(): void };
};

type Letter = { from: string; to: string; subject: string; type: string; text: string };
type Address = { address: string };

const READ = `
import email, email.policy, json, sys
letter = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print(json.dumps({"from": letter["from"], "to": letter["to"], "subject": letter["subject"],
    "type": letter.get_content_type(), "text": letter.get_content()}))
`;

const read = (raw: Buffer) => JSON.parse(execFileSync("python3", ["-c", READ], { input: raw }).toString()) as Letter;

/** 7-bit lines of at most 998 characters: what any host on the way may ask for. */
const plain = (raw: Buffer) => raw.every((byte) => byte < 128) && raw.toString().split("\r\n").every((it) => it.length < 999);

test.use({ lender: "metrocredit" });

test("a letter arrives in Russian; a busy host is tried again, a refused address never", async ({ world }) => {
  const came: Buffer[] = [];
  const asked: string[] = [];
  let busy = 0;
  const port = await freePort();
  const refuse = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });
  const host = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }: Address, _session: object, done: (error?: Error) => void) {
      asked.push(address);
      if (address.startsWith("nobody")) return done(refuse(550, "no such box"));
      if (busy > 0) {
        busy -= 1;
        return done(refuse(451, "greylisted"));
      }
      done();
    },
    onData(stream: Socket, _session: object, done: () => void) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        came.push(Buffer.concat(parts));
        done();
      });
    },
  });
  await new Promise<void>((ready) => host.listen(port, "127.0.0.1", ready));
  await world.restart({ KOPECK_SMTP_URL: `smtp://127.0.0.1:${port}`, KOPECK_MAIL_FROM: "Метрокредит <cabinet@metro.example>" });
  const ask = (login: string) => new Client(world.url).done("access/restore", { login });
  const patience = { timeout: 20_000 };

  await test.step("Cyrillic in the sender's name, the subject and the text", async () => {
    await ask("maria@box.example");
    await expect.poll(() => came.length, patience).toBe(1);
    const [raw] = came as [Buffer];
    expect(plain(raw)).toBe(true);
    const letter = read(raw);
    expect(letter).toMatchObject({
      from: "Метрокредит <cabinet@metro.example>",
      to: "maria@box.example",
      subject: "Метрокредит: новый пароль",
      type: "text/plain",
    });
    expect(letter.text).toMatch(/^Кто-то попросил новый пароль для этого адреса/);
  });

  await test.step("451 twice, then taken, once", async () => {
    busy = 2;
    await ask("ivan@box.example");
    await expect
      .poll(async () => {
        await world.sandbox.advanceSeconds(5);
        return came.length;
      }, patience)
      .toBe(2);
    expect(asked.filter((address) => address === "ivan@box.example")).toHaveLength(3);
    expect(read(came[1] ?? Buffer.alloc(0)).to).toBe("ivan@box.example");
  });

  await test.step("550 is the last word, and it is told", async () => {
    await ask("nobody@box.example");
    const dead = async () => (await world.kopeck("outbox", "dead")).output;
    await expect.poll(dead, patience).toContain("mail");
    await world.sandbox.advanceSeconds(3600);
    await new Promise((done) => setTimeout(done, 3000));
    expect(asked.filter((address) => address === "nobody@box.example")).toHaveLength(1);
    expect(came).toHaveLength(2);
  });
  host.close();
});
