// Accounts elsewhere, as the world knows them: three real OpenID providers (npm oidc-provider) in one process. One is
// plain, as a gateway to Gosuslugi is; the others have the ways of T-ID and VK ID put around them.
//
//   node identity-provider.mjs CABINET FILE GOSUSLUGI_PORT T_ID_PORT VK_ID_PORT
//
// FILE is written for the cabinet's --identity-file. `make run` starts this as well as the tests.
//
// Whoever types the login `verified-0001` is person(1) of borrower.ts, seen with their passport; `unverified-0001` is
// the same person, never seen. VK ID's logins are numbers: 70001 is person(1). Any password will do.
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import Provider from "oidc-provider";

const [cabinet, file, ...ports] = process.argv.slice(2);
const [gosuslugi, tid, vkid] = ports.map(Number);
const SECRETS = { gateway: "gateway-secret", bank: "bank-secret" };

function tables() {
  const at = (port) => `http://localhost:${port}`;
  const gateway = `kind = "oidc"\nissuer = "${at(gosuslugi)}"\nclient_id = "kopeck"\nclient_secret = "${SECRETS.gateway}"`;
  return [
    `[gosuslugi]\n${gateway}`,
    `[t_id]\nkind = "t_id"\nissuer = "${at(tid)}"\nresources = "${at(tid)}/openapi"\nclient_id = "kopeck"\nclient_secret = "${SECRETS.bank}"`,
    `[vk_id]\nkind = "vk_id"\nissuer = "${at(vkid)}"\nclient_id = "kopeck"`,
    // One more that any lender may name: the same kind of provider as Gosuslugi's gateway.
    `[sber_id]\n${gateway}`,
  ].join("\n\n");
}

function claims(login) {
  const n = login.slice(-4);
  const seen = login.startsWith("verified");
  return {
    sub: login,
    verified: seen,
    family_name: "Тестова",
    given_name: "Анна",
    middle_name: "Петровна",
    birthdate: "1990-05-12",
    gender: "female",
    phone_number: `+7900123${n}`,
    phone_number_verified: true,
    email: `anna${n}@example.org`,
    ...(seen && {
      birth_place: "город Москва",
      citizenship: "Россия",
      passport: { series: "4510", number: `23${n}`, issue_date: "2015-06-20", issuer: "ОВД «Арбат» города Москвы", issuer_code: "770-001" },
    }),
  };
}

function provider(port, names, secret, more = {}) {
  const issuer = `http://localhost:${port}`;
  return new Provider(issuer, {
    clients: [
      {
        client_id: "kopeck",
        ...(secret && { client_secret: secret }),
        token_endpoint_auth_method: secret ? "client_secret_basic" : "none",
        redirect_uris: names.map((name) => `${cabinet}/identity/${name}/return`),
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: {
      openid: ["sub"],
      profile: ["verified", "family_name", "given_name", "middle_name", "birthdate", "gender", "passport", "birth_place", "citizenship"],
      phone: ["phone_number", "phone_number_verified"],
      email: ["email"],
    },
    findAccount: (_, id) => ({ accountId: id, claims: () => claims(id) }),
    pkce: { required: () => true },
    cookies: { keys: [randomUUID()] },
    ...more,
  });
}

writeFileSync(file, `${tables()}\n`, { mode: 0o600 });

const form = async (ctx) => {
  const parts = [];
  for await (const part of ctx.req) parts.push(part);
  const body = Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
  ctx.req.body = body;
  return body;
};

async function bearer(of, ctx) {
  const token = await of.AccessToken.find((ctx.get("authorization") || "").replace(/^Bearer /, ""));
  if (!token) ctx.throw(401);
  return token.accountId;
}

provider(gosuslugi, ["gosuslugi", "sber_id"], SECRETS.gateway).listen(gosuslugi, "localhost");

const bank = provider(tid, ["t_id"], SECRETS.bank, {
  routes: { authorization: "/auth/authorize", token: "/auth/token", userinfo: "/userinfo/userinfo" },
});
bank.use(async (ctx, next) => {
  if (ctx.path === "/userinfo/userinfo") {
    if (ctx.method !== "POST") ctx.throw(405);
    const body = await form(ctx);
    if (body.client_id !== "kopeck" || body.client_secret !== SECRETS.bank) ctx.throw(401);
    ctx.body = (({ passport, verified, ...rest }) => rest)(claims(await bearer(bank, ctx)));
    return;
  }
  const [, document] = ctx.path.match(/^\/openapi\/api\/v2\/individual\/(.+)$/) ?? [];
  if (!document) return next();
  const { verified, passport } = claims(await bearer(bank, ctx));
  if (document === "identification/status") ctx.body = { isIdentified: verified };
  else if (document === "documents/passport" && passport) {
    ctx.body = {
      serialNumber: passport.series + passport.number,
      issueDate: passport.issue_date,
      unitName: passport.issuer,
      unitCode: passport.issuer_code,
      birthPlace: "город Москва",
      citizenship: "Россия",
    };
  } else ctx.throw(403);
});
bank.listen(tid, "localhost");

const vk = provider(vkid, ["vk_id"], undefined, {
  routes: { authorization: "/authorize", token: "/oauth2/auth" },
  scopes: ["vkid.personal_info", "phone", "email"],
});
const devices = new Map();
vk.use(async (ctx, next) => {
  if (ctx.path === "/oauth2/user_info") {
    const body = await form(ctx);
    const token = await vk.AccessToken.find(body.access_token ?? "");
    if (ctx.method !== "POST" || body.client_id !== "kopeck" || !token) ctx.throw(401);
    const { family_name, given_name, phone_number } = claims(token.accountId);
    ctx.body = {
      user: { user_id: token.accountId, first_name: given_name, last_name: family_name, phone: phone_number.slice(1), sex: 1, verified: false, birthday: "12.05.1990" },
    };
    return;
  }
  if (ctx.path === "/oauth2/auth") {
    const body = await form(ctx);
    if (!body.device_id || devices.get(body.code) !== body.device_id || !body.state) {
      ctx.status = 400;
      ctx.body = { error: "invalid_request", error_description: "device_id is missing or another one" };
      return;
    }
    await next();
    if (ctx.status === 200) ctx.body = { ...ctx.body, state: body.state, user_id: Number((await vk.AccessToken.find(ctx.body.access_token)).accountId) };
    return;
  }
  await next();
  const back = ctx.response.get("location");
  if (!back?.startsWith(cabinet)) return;
  const url = new URL(back);
  if (!url.searchParams.has("code")) return;
  const device = randomUUID();
  devices.set(url.searchParams.get("code"), device);
  url.searchParams.set("device_id", device);
  ctx.set("location", url.href);
});
vk.listen(vkid, "localhost");
