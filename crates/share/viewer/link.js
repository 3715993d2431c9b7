// A SMART Health Link: read, asked for, decrypted. Nothing here touches the page.

/** The longest link that is looked at, in characters. */
const LINK_MAX = 4096;
/** The largest encrypted file, in characters, and the largest content, in bytes. */
const FILE_MAX = 48 * 1024 * 1024;
const CONTENT_MAX = 64 * 1024 * 1024;
/** How long an answer is waited for, in milliseconds. */
const PATIENCE = 60_000;
const LABEL_MAX = 80;

/** Why a link could not be opened: `code` is a word of the catalogue, `left` how many passcodes may still be tried. */
export class Refusal extends Error {
  constructor(code, left = null) {
    super(code);
    this.code = code;
    this.left = left;
  }
}

/** Text from strangers, made fit to show: no control characters, none that reorder or hide, at most so many characters. */
export function shown(text, max = LABEL_MAX) {
  const kept = [...String(text).replace(/[\t\n\r]/g, " ").replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "")];
  return kept.slice(0, max).join("").trim();
}

/** Bytes of base64url without padding. */
function bytesOf(text) {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(text)) throw new Refusal("damaged");
  const plain = text.replace(/=+$/, "").replace(/-/g, "+").replace(/_/g, "/");
  try {
    return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
  } catch {
    throw new Refusal("damaged");
  }
}

function jsonOf(bytes) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal("damaged");
  }
}

/** Reads what stands behind the # of the address. */
export function parse(fragment) {
  const text = fragment.replace(/^#/, "").trim();
  const found = /^shlink:\/+(.*)$/is.exec(text.length > LINK_MAX ? "" : text);
  if (!found) throw new Refusal(text === "" ? "empty" : "damaged");
  const payload = jsonOf(bytesOf(found[1]));
  if (typeof payload !== "object" || payload === null) throw new Refusal("damaged");
  const label = typeof payload.label === "string" ? shown(payload.label) : "";
  if (typeof payload.v === "number" && payload.v > 1) throw new Refusal("newer");
  const flags = typeof payload.flag === "string" ? payload.flag : "";
  const key = typeof payload.key === "string" && payload.key.length === 43 ? bytesOf(payload.key) : new Uint8Array();
  if (key.length !== 32 || typeof payload.url !== "string") throw new Refusal("damaged");
  let url;
  try {
    url = new URL(payload.url);
  } catch {
    throw new Refusal("damaged");
  }
  const expires = typeof payload.exp === "number" && Number.isFinite(payload.exp) ? new Date(payload.exp * 1000) : null;
  return { url, key, label, expires, direct: flags.includes("U"), passcode: flags.includes("P"), longTerm: flags.includes("L") };
}

/** Asks this host, and no other. */
async function ask(url, options) {
  if (url.origin !== location.origin) throw new Refusal("elsewhere");
  const answer = await fetch(url, { ...options, redirect: "error", credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).catch(() => {
    throw new Refusal("unreachable");
  });
  if (answer.status === 404) throw new Refusal("gone");
  if (answer.status === 429) throw new Refusal("often");
  if (answer.status === 401) {
    const said = await answer.json().catch(() => ({}));
    throw new Refusal("passcode", Number.isInteger(said.remainingAttempts) ? said.remainingAttempts : null);
  }
  if (!answer.ok) throw new Refusal("unreachable");
  return (await bounded(answer.body, FILE_MAX, "unreachable")).text;
}

/** All of a stream, unless it is longer than it may be; `broken` is what it means when it breaks off. */
async function bounded(stream, max, broken) {
  const reader = stream.getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw new Refusal(broken);
    });
    if (done) break;
    length += value.length;
    if (length > max) {
      await reader.cancel();
      throw new Refusal("large");
    }
    parts.push(value);
  }
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return { bytes, text: new TextDecoder().decode(bytes) };
}

/** The link's decrypted files, each as { type, bytes }. */
export async function open(link, recipient, passcode) {
  if (link.direct) {
    const url = new URL(link.url);
    url.searchParams.set("recipient", recipient);
    return [await decrypt(link.key, await ask(url, { method: "GET" }))];
  }
  const body = { recipient, ...(passcode ? { passcode } : {}) };
  const manifest = jsonOf(new TextEncoder().encode(await ask(link.url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })));
  if (!Array.isArray(manifest?.files)) throw new Refusal("damaged");
  const files = [];
  for (const file of manifest.files.slice(0, 64)) {
    const jwe = typeof file.embedded === "string" ? file.embedded : await ask(new URL(String(file.location), link.url), { method: "GET" });
    files.push(await decrypt(link.key, jwe));
  }
  return files;
}

/** Decrypts a compact JWE: `dir`, A256GCM, raw DEFLATE where it says so. Anything else is refused. */
async function decrypt(key, jwe) {
  const [head, wrapped, iv, text, tag, ...more] = jwe.trim().split(".");
  if (tag === undefined || more.length > 0 || wrapped !== "") throw new Refusal("damaged");
  const header = jsonOf(bytesOf(head));
  const known = header.alg === "dir" && header.enc === "A256GCM" && (header.zip === undefined || header.zip === "DEF");
  if (!known || header.crit !== undefined || header.p2c !== undefined) throw new Refusal("damaged");
  const nonce = bytesOf(iv);
  const end = bytesOf(tag);
  if (nonce.length !== 12 || end.length !== 16) throw new Refusal("damaged");
  const imported = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const sealed = new Uint8Array(await new Blob([bytesOf(text), end]).arrayBuffer());
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(head), tagLength: 128 }, imported, sealed).catch(() => {
    throw new Refusal("damaged");
  });
  const bytes = header.zip === "DEF" ? await inflate(plain) : new Uint8Array(plain);
  return { type: typeof header.cty === "string" ? header.cty : "", bytes };
}

async function inflate(plain) {
  const stream = new Blob([plain]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return (await bounded(stream, CONTENT_MAX, "damaged")).bytes;
}

/** FHIR resources of the opened files, bundles taken apart. */
export function resources(files) {
  const all = [];
  for (const file of files.filter((one) => one.type === "" || one.type.startsWith("application/fhir+json"))) {
    const root = jsonOf(file.bytes);
    const entries = root?.resourceType === "Bundle" && Array.isArray(root.entry) ? root.entry.map((entry) => entry?.resource) : [root];
    all.push(...entries.filter((one) => typeof one?.resourceType === "string"));
  }
  return all;
}
