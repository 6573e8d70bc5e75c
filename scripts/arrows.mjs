// Which crate may depend on which (docs/architecture.md draws the same arrows). A reversed arrow fails the build.
import { execFileSync } from "node:child_process";

const cargo = (...args) => execFileSync("cargo", args, { encoding: "utf8", maxBuffer: 1 << 28 });
const { packages } = JSON.parse(cargo("metadata", "--format-version", "1", "--no-deps"));
const rooms = new Map(packages.map((room) => [room.name, room]));

// Every room of the house, and the rooms it may call. A new crate is entered here first, with a thought.
const MAY_CALL = {
  lending: [],
  locales: [],
  migrations: [],
  cabinet: ["lending", "locales"],
  app: ["lending", "cabinet", "locales"], // the last two on the server only: checked below
  frontend: ["app"],
  server: ["app", "cabinet", "lending", "locales", "migrations"],
  sandbox: [], // the outside world: shares no code with us, and nobody depends on it
};
// Their tests may call these besides.
// Itself: its tests are built against it with the feature that plants faults.
const TESTS_MAY_CALL = { cabinet: ["cabinet", "migrations"], server: [] };
// The database is reached from here and nowhere else.
const DATABASE_ROOMS = ["cabinet", "migrations", "server"];
// Never in what these are built from, however deep: pure arithmetic, words, and what the browser downloads.
const NEVER_IN = {
  lending: /^(tokio|async-std|sea-orm|sqlx|leptos|axum|hyper|reqwest)/,
  locales: /^(tokio|sea-orm|sqlx|leptos|axum|hyper|reqwest)/,
  frontend: /^(cabinet|migrations|server|sandbox|locales|tokio|sea-orm|sqlx|axum|hyper|reqwest)(-|$)/,
};

const wrong = [];

for (const [name, room] of rooms) {
  if (!(name in MAY_CALL)) {
    wrong.push(`${name} is not in the table of scripts/arrows.mjs`);
    continue;
  }
  for (const { name: other, kind } of room.dependencies) {
    const allowed = kind === "dev"
      ? [...MAY_CALL[name], ...(TESTS_MAY_CALL[name] ?? [])]
      : MAY_CALL[name];
    if (rooms.has(other) && !allowed.includes(other)) {
      wrong.push(`${name} depends on ${other}${kind ? ` (${kind})` : ""}`);
    }
    if (/^(sea-orm|sqlx)/.test(other) && !DATABASE_ROOMS.includes(name)) {
      wrong.push(`${name} depends on ${other}: only ${DATABASE_ROOMS.join(", ")} reach the database`);
    }
  }
}

// Faults that are planted on purpose belong to the tests of their crate and to no program.
for (const [name, room] of rooms) {
  for (const { name: other, kind, features } of room.dependencies) {
    if (features.includes("planted") && !(name === "cabinet" && other === "cabinet" && kind === "dev")) {
      wrong.push(`${name} turns on ${other}'s feature planted: only cabinet's own tests may`);
    }
  }
  for (const [feature, enables] of Object.entries(room.features)) {
    if (feature !== "planted" && enables.some((it) => it.split("/").pop() === "planted")) {
      wrong.push(`${name}'s feature ${feature} turns planted on`);
    }
  }
}

// What the pages take from the server's side comes in with the feature `ssr` only.
const app = rooms.get("app");
for (const other of ["cabinet", "locales"]) {
  const arrow = app.dependencies.find((dependency) => dependency.name === other && dependency.kind === null);
  if (!arrow) continue;
  if (!arrow.optional) wrong.push(`app's dependency on ${other} must be optional`);
  for (const [feature, enables] of Object.entries(app.features)) {
    const on = enables.some((item) => item === `dep:${other}` || item === other || item.startsWith(`${other}/`));
    if (on && feature !== "ssr") wrong.push(`app's feature ${feature} turns ${other} on: only ssr may`);
  }
}

for (const [name, pattern] of Object.entries(NEVER_IN)) {
  // Resolved for this crate alone: in one resolution of the whole workspace everyone gets everyone's features.
  const target = name === "frontend" ? ["--target", "wasm32-unknown-unknown"] : [];
  const tree = cargo("tree", "--package", name, "--edges", "normal", "--prefix", "none", ...target);
  const found = new Set(tree.split("\n").map((line) => line.split(" ")[0]).filter((it) => pattern.test(it)));
  for (const it of found) wrong.push(`${name} is built from ${it} (cargo tree -p ${name} -i ${it})`);
}

// "rlib" beside it would switch link-time optimisation off without a word.
const kinds = rooms.get("frontend").targets.find((target) => target.crate_types.includes("cdylib"))?.crate_types;
if (kinds?.join() !== "cdylib") wrong.push("frontend's crate-type must be cdylib alone");

if (wrong.length > 0) {
  console.error(wrong.map((line) => `wrong arrow: ${line}`).join("\n"));
  process.exit(1);
}
console.log(`${rooms.size} crates, every arrow points the right way`);
