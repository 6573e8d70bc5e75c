// A browser that goes on with the session of a client without one: what is not under test is done quickly.
import type { Page } from "@playwright/test";
import type { Client } from "./http";

export async function enterAs(page: Page, client: Client): Promise<void> {
  if (client.cookie === undefined) throw new Error("this client has not signed in");
  await page.context().addCookies([
    {
      name: "__Host-session",
      value: client.cookie,
      // A __Host- cookie is Secure; browsers send it over http to this machine itself only.
      url: client.url.replace("http:", "https:"),
      httpOnly: true,
      secure: true,
      sameSite: "Lax",
    },
  ]);
}
