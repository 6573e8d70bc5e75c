// What fields of getting in can do besides, where scripts run. Everything works without it.

// A code from an SMS: the browser offers to put it in (WebOTP).
const code = document.querySelector("input[autocomplete='one-time-code']");
if (code && "OTPCredential" in window) {
  const stop = new AbortController();
  code.form?.addEventListener("submit", () => stop.abort());
  addEventListener("pagehide", () => stop.abort());
  navigator.credentials.get({ otp: { transport: ["sms"] }, signal: stop.signal }).then(
    (message) => {
      if (!message || code.value !== "") return;
      code.value = message.code;
      code.form?.requestSubmit();
    },
    () => {}, // Refused, or too late: the code is typed by hand.
  );
}

// A password is shown while its button is pressed in.
for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    field.focus();
  });
  // What is sent is a password again: browsers keep what is typed into a plain field.
  field.form?.addEventListener("submit", () => (field.type = "password"));
}

// SHA-256 (FIPS 180-4) of a text shorter than 56 bytes, which is one block; answers the first 32 bits.
const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((prime) => n % prime)) primes.push(n);
const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
const K = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const H = Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);
const turn = (word, by) => (word >>> by) | (word << (32 - by));
function first32(text) {
  words.fill(0, 0, 16);
  for (let i = 0; i < text.length; i += 1) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  words[15] = text.length * 8;
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15];
    const y = words[i - 2];
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  let a = H[0], b = H[1], c = H[2], d = H[3], e = H[4], f = H[5], g = H[6], h = H[7];
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + t1) | 0;
    d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  return (H[0] + a) >>> 0;
}

// A proof of work: a number whose hash with the token's end begins with zeros. In slices, so that typing stays smooth.
for (const block of document.querySelectorAll("[data-work]")) {
  const end = block.dataset.work.slice(-32);
  const most = 2 ** (32 - Number(block.dataset.bits));
  const form = block.closest("form");
  const said = block.querySelector("[role=status]");
  let number = 0;
  let waiting = false;
  const wait = (event) => {
    // Sent as soon as the number is found.
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = true;
    form.setAttribute("aria-busy", "true");
  };
  form.addEventListener("submit", wait, true);
  said.textContent = said.dataset.busy;
  const slice = () => {
    const until = performance.now() + 12;
    while (performance.now() < until) {
      for (let i = 0; i < 256; i += 1, number += 1) {
        if (first32(`${end}.${number}`) >= most) continue;
        form.querySelector("input[name=proof]").value = String(number);
        form.removeEventListener("submit", wait, true);
        form.removeAttribute("aria-busy");
        said.textContent = said.dataset.done;
        block.dataset.solved = "";
        if (waiting) form.requestSubmit();
        return;
      }
    }
    setTimeout(slice);
  };
  slice();
}

// A foreign service leaves its token in a field of its own.
for (const block of document.querySelectorAll(".smart-captcha")) {
  const form = block.closest("form");
  form.addEventListener(
    "submit",
    () => {
      const token = form.querySelector("input[name='smart-token']");
      if (token) form.querySelector("input[name=proof]").value = token.value;
    },
    true,
  );
}

// Passkeys: the browser's own part of a ceremony. The server asks and the server checks.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const letters = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function asked(form) {
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  const answer = await fetch(form.dataset.ask, { method: "POST", headers, body: "" });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.text, { cause: body.reason });
  const { publicKey } = JSON.parse(body.options);
  publicKey.challenge = bytes(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  for (const list of [publicKey.excludeCredentials, publicKey.allowCredentials]) {
    for (const known of list ?? []) known.id = bytes(known.id);
  }
  return { publicKey, token: body.token };
}

function send(form, token, made) {
  const { response } = made;
  const said = { clientDataJSON: letters(response.clientDataJSON) };
  if (response.attestationObject) {
    said.attestationObject = letters(response.attestationObject);
    said.transports = response.getTransports?.() ?? null;
  } else {
    said.authenticatorData = letters(response.authenticatorData);
    said.signature = letters(response.signature);
    said.userHandle = response.userHandle ? letters(response.userHandle) : null;
  }
  const credential = { id: made.id, rawId: letters(made.rawId), type: made.type, response: said, extensions: {} };
  // What was typed goes with it: the next form of the page begins anew.
  const { holder = "" } = document.getElementById("pwa")?.dataset ?? {};
  sessionStorage.removeItem(`draft:${holder}:${location.pathname}:${form.getAttribute("action")}`);
  form.elements.token.value = token;
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

let offering = new AbortController();
// A challenge lives five minutes: a page that stands open gets a new one.
async function offer(form) {
  const { signal } = offering;
  const field = document.querySelector("#f-phone, #f-email");
  field?.setAttribute("autocomplete", `${field.autocomplete} webauthn`);
  while (!signal.aborted) {
    const { publicKey, token } = await asked(form);
    const late = AbortSignal.any([signal, AbortSignal.timeout(240_000)]);
    try {
      return send(form, token, await navigator.credentials.get({ publicKey, mediation: "conditional", signal: late }));
    } catch (failure) {
      if (failure?.name !== "TimeoutError") return;
    }
  }
}

for (const form of "PublicKeyCredential" in window ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    offering.abort();
    failed.hidden = true;
    form.setAttribute("aria-busy", "true");
    try {
      const { publicKey, token } = await asked(form);
      send(form, token, await navigator.credentials[form.dataset.passkey]({ publicKey }));
    } catch (failure) {
      form.removeAttribute("aria-busy");
      const { cause } = failure;
      // Another step is owed first: its page leads back here.
      if (cause === "confirm_needed") return location.assign(`/confirm?next=${location.pathname}`);
      if (cause === "proof_needed" || cause === "unauthenticated") return location.reload();
      failed.textContent = cause ? failure.message : failed.dataset.failed;
      failed.hidden = false;
    }
  });
  if ("offered" in form.dataset) {
    PublicKeyCredential.isConditionalMediationAvailable?.().then(
      (can) => can && offer(form).catch(() => {}), // Only an offer: the fields and the button are there.
    );
  }
}
