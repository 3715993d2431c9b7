// The page: says what a link is before anything is fetched, asks for a name and a passcode, and shows what it opened.
import { chart } from "./chart.js";
import { open, parse, Refusal, resources } from "./link.js";
import { language, say, sayCount, timeWord } from "./words.js";

const main = document.getElementById("main");
/** What is given to be saved keeps these types; anything else is bytes that no browser runs. */
const SAVED_TYPES = ["application/pdf", "image/png", "image/jpeg", "text/plain"];
const PICTURES = ["image/png", "image/jpeg"];

/** An element with text and others inside it. Text is only ever text. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== ""));
  return element;
}

/** Shows another screen, and moves the reader to its heading. */
function show(...children) {
  main.replaceChildren(...children.filter(Boolean));
  const heading = main.querySelector("h1");
  heading.setAttribute("tabindex", "-1");
  heading.focus();
}

const facts = (...pairs) => make("dl", {}, ...pairs.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));

function refuse(code, again = null) {
  const button = again && make("button", { type: "button", onclick: again }, say("again"));
  show(make("h1", {}, say(code)), make("div", { class: "card" }, make("p", {}, say(`${code}_why`)), button));
}

function field(id, name, why, properties = {}) {
  const input = make("input", { id, name: id, "aria-describedby": `${id}-why`, autocomplete: "off", required: "", ...properties });
  return [make("label", { for: id }, name), make("p", { id: `${id}-why`, class: "quiet" }, why), input];
}

/** The first screen: what the link says of itself, and what is asked before it is opened. */
function offer(link, kept = "", failed = null) {
  const over = link.expires !== null && link.expires <= new Date();
  const ends = link.expires === null ? say("no_expiry") : over ? say("over", { when: timeWord(link.expires) }) : timeWord(link.expires);
  const problem = make("p", { role: "alert", class: "warn", id: "problem" }, failed ?? "");
  const button = make("button", { type: "submit" }, say("open"));
  const form = make(
    "form",
    { novalidate: "", onsubmit: (event) => submit(event, link, form, problem, button) },
    ...field("recipient", say("recipient"), say("recipient_why"), { maxlength: "80", value: kept }),
    ...(link.passcode ? field("passcode", say("passcode"), say("passcode_why"), { maxlength: "128", type: "password" }) : []),
    problem,
    button,
  );
  show(
    make("h1", {}, say("offered")),
    make("div", { class: "card" }, facts([say("label"), link.label || say("no_label")], [say("host"), link.url.host], [say("expires"), ends])),
    make("div", { class: "card" }, make("p", {}, say("promise")), form),
  );
}

async function submit(event, link, form, problem, button) {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true") return;
  const recipient = form.elements.recipient.value.trim();
  const passcode = form.elements.passcode?.value.trim() ?? "";
  const missing = recipient === "" ? "recipient" : link.passcode && passcode === "" ? "passcode" : null;
  if (missing !== null) {
    problem.textContent = say(`${missing}_missing`);
    form.elements[missing].setAttribute("aria-invalid", "true");
    form.elements[missing].focus();
    return;
  }
  problem.textContent = "";
  button.setAttribute("aria-disabled", "true");
  button.textContent = say("opening");
  try {
    const opened = resources(await open(link, recipient, passcode));
    // Opened: the key need not stay in the address, nor in the history of a computer that others use.
    history.replaceState(null, "", location.pathname);
    read(link, opened);
  } catch (thrown) {
    const refusal = thrown instanceof Refusal ? thrown : new Refusal("damaged");
    if (refusal.code === "passcode") return offer(link, recipient, wrong(refusal.left, passcode));
    refuse(refusal.code, ["often", "unreachable"].includes(refusal.code) ? () => offer(link, recipient) : null);
  }
}

function wrong(left, given) {
  if (given === "") return say("passcode_missing");
  const rest = left === null ? "" : left === 0 ? say("wrong_none") : sayCount("wrong_left", left);
  return `${say("wrong")}. ${rest}`.trim();
}

/** The second screen: what was shared. */
function read(link, opened) {
  const { patients, sections, others } = chart(opened);
  show(
    make("h1", {}, link.label || say("title")),
    make("p", { class: "quiet" }, say("copied_from", { when: timeWord(new Date()) })),
    ...patients.map((one) => card(say("patient"), facts([say("name"), one.name || say("not_recorded")], [say("born"), one.born ?? say("not_recorded")], [say("gender"), one.gender ?? say("not_recorded")]))),
    ...sections.map(({ key, entries }) => card(say(key), entries.length === 0 ? make("p", { class: "quiet" }, say("nothing")) : make("ul", {}, ...entries.map(line)))),
    others.length > 0 && make("p", {}, say("others", { list: others.join(", ") })),
    make("button", { type: "button", onclick: () => print() }, say("print")),
  );
}

function card(title, content) {
  return make("section", { class: "card" }, make("h2", {}, title), content);
}

function line(entry) {
  return make(
    "li",
    {},
    make("strong", {}, entry.name),
    ...entry.details.map((text) => make("div", {}, text)),
    ...entry.notes.map((text) => make("div", { class: "quiet" }, text)),
    ...entry.warnings.map((text) => make("div", { class: "warn" }, text)),
    ...entry.files.map(file),
  );
}

/** A file in a document: to be saved; a picture is shown too. */
function file({ name, type, data }) {
  let bytes;
  try {
    bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  } catch {
    return make("div", { class: "warn" }, `${name}: ${say("damaged")}`);
  }
  const kind = SAVED_TYPES.includes(type) ? type : "application/octet-stream";
  const url = URL.createObjectURL(new Blob([bytes], { type: kind }));
  const picture = PICTURES.includes(kind) && make("img", { src: url, alt: say("picture", { name }) });
  return make("div", {}, make("a", { class: "button", href: url, download: name }, say("save", { name })), picture);
}

function begin() {
  document.documentElement.lang = language;
  document.title = say("title");
  if (!isSecureContext || !crypto.subtle) return refuse("insecure");
  if (typeof DecompressionStream === "undefined" || typeof AbortSignal.timeout !== "function") return refuse("old");
  try {
    offer(parse(location.hash));
  } catch (thrown) {
    refuse(thrown instanceof Refusal ? thrown.code : "damaged");
  }
}

// Another link in the same tab is another page; the end of what was opened is not.
addEventListener("hashchange", begin);
begin();
