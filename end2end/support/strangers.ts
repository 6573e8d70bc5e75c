// What two answers are compared by when neither may tell whom it is about.
import type { Answer, Client, Fields } from "./http";

/** What is new in every answer is left out: a nonce, an id, the time, a cookie's value. */
export function shape({ status, body, location, headers }: Answer) {
  const lasting = [...headers]
    .filter(([name]) => !["date", "x-request-id"].includes(name))
    .map(([name, value]) => [name, value.replace(/'nonce-[^']*'/, "nonce").replace(/__Host-(session|device)=[^;]*/, "$1")]);
  return { status, body, location, headers: lasting };
}

/** The page that follows, without what belongs to the one who asks. */
async function after(client: Client, answer: Answer): Promise<string> {
  const html = answer.location === null ? "" : (await client.get(answer.location)).body;
  const [, nonce = "-"] = html.match(/nonce="([^"]+)"/) ?? [];
  return html
    .replaceAll(nonce, "nonce")
    .replace(/value="[0-9a-f-]{36}"/g, "key")
    // A name of the one who asks, for their own device.
    .replace(/data-holder="[^"]*"/g, "holder")
    .replace(/\d\d:\d\d(:\d\d)?/g, "time")
    .replace(/seconds&quot;:\d+/g, "seconds")
    .replace(/···[\s\d· -]*/g, "phone");
}

export async function asked(client: Client, endpoint: string, fields: Fields) {
  const answer = await client.post(endpoint, fields);
  return { answer: shape(answer), page: await after(client, answer) };
}
