// An operator's gateway: the SMPP server of npm, which keeps what it takes and answers as told.
import { createRequire } from "node:module";

const smpp = createRequire(__filename)("smpp") as {
  createServer(options: Certificate | object, on: (session: Session) => void): Server;
};

/** What the server of an encrypted line shows. */
export type Certificate = { key: string; cert: string };

type Pdu = Record<string, unknown> & { command: string; response(fields?: object): unknown };
type Session = {
  on(event: string, listener: (pdu: Pdu) => void): void;
  send(pdu: unknown): void;
  deliver_sm(fields: object, answered: (answer: Pdu & { command_status: number }) => void): void;
  destroy(): void;
};
type Server = {
  on(event: "tlsClientError", listener: () => void): void;
  listen(port: number, host: string, ready: () => void): void;
  close(): void;
};

/** A `submit_sm` as it came. */
export type Part = {
  id: string;
  to: string;
  from: string;
  fromType: number;
  coding: number;
  receipt: number;
  text: string;
  /** Of the header that joins parts: which message, of how many, which one. */
  joined: [number, number, number] | undefined;
};

export class Operator {
  readonly parts: Part[] = [];
  /** Who has bound since the start. */
  binds: Record<string, unknown>[] = [];
  /** How often somebody hung up before the line was encrypted. */
  strangers = 0;
  /** Called for each part before it is answered; `drop` breaks the line instead of answering. */
  onPart: (part: Part) => "take" | "drop" | number = () => "take";
  #sessions = new Set<Session>();
  #server: Server | undefined;

  constructor(
    readonly port: number,
    readonly login: string,
    readonly password: string,
    readonly certificate?: Certificate,
  ) {}

  async start(): Promise<void> {
    this.#server = smpp.createServer(this.certificate ?? {}, (session) => this.#serve(session));
    this.#server.on("tlsClientError", () => this.strangers++);
    await new Promise<void>((ready) => this.#server?.listen(this.port, "127.0.0.1", ready));
  }

  #serve(session: Session): void {
    session.on("error", () => {});
    session.on("close", () => this.#sessions.delete(session));
    session.on("enquire_link", (pdu) => session.send(pdu.response()));
    session.on("unbind", (pdu) => session.send(pdu.response()));
    session.on("bind_transceiver", (pdu) => {
      this.binds.push({ login: pdu.system_id, version: pdu.interface_version });
      const right = pdu.system_id === this.login && pdu.password === this.password;
      if (right) this.#sessions.add(session);
      // 14: ESME_RINVPASWD.
      session.send(pdu.response({ command_status: right ? 0 : 14 }));
    });
    session.on("submit_sm", (pdu) => {
      const { message, udh } = pdu.short_message as { message: string; udh?: Buffer[] };
      const [header] = udh ?? [];
      const part: Part = {
        id: `a${this.parts.length + 1}`,
        to: String(pdu.destination_addr),
        from: String(pdu.source_addr),
        fromType: Number(pdu.source_addr_ton),
        coding: Number(pdu.data_coding),
        receipt: Number(pdu.registered_delivery),
        text: message,
        joined: header && [header.readUInt8(2), header.readUInt8(3), header.readUInt8(4)],
      };
      this.parts.push(part);
      const answer = this.onPart(part);
      if (answer === "drop") return session.destroy();
      session.send(pdu.response(answer === "take" ? { message_id: part.id } : { command_status: answer }));
    });
  }

  /** Tells what became of a part, as operators write it; the other side must take it. */
  async tell(part: Part, stat: "DELIVRD" | "UNDELIV" | "ENROUTE"): Promise<void> {
    const [session] = [...this.#sessions].slice(-1);
    if (session === undefined) throw new Error("nobody is bound");
    const line =
      `id:${part.id} sub:001 dlvrd:001 submit date:2611221200 done date:2611221201 ` + `stat:${stat} err:000 text:`;
    const fields = { source_addr: part.to, destination_addr: part.from, esm_class: 4, short_message: line };
    const status = await new Promise<number>((done) =>
      session.deliver_sm(fields, ({ command_status }) => done(command_status)),
    );
    if (status !== 0) throw new Error(`the receipt was answered with ${status}`);
  }

  /** Breaks every line and refuses new ones. */
  stop(): void {
    for (const session of this.#sessions) session.destroy();
    this.#sessions.clear();
    this.#server?.close();
    this.#server = undefined;
  }
}
