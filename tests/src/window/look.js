// Finds what a person would mean by a role and a name, as assistive technology names it.
const [role, wanted] = arguments;
const ROLES = {
  button: "button, [role=button], summary",
  link: "a[href]",
  tab: "[role=tab]",
  field: "input:not([type=file]):not([type=checkbox]):not([type=radio]), textarea",
  box: "input[type=checkbox], input[type=radio]",
  option: "[role=option]",
  row: "[role=option], [role=row], li button, [data-row], button, a[href]",
};
const flat = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const words = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("[aria-hidden=true]").forEach((hidden) => hidden.remove());
  return flat(copy.textContent);
};
const nameOf = (element) => {
  const label = element.getAttribute("aria-label");
  if (label) return flat(label);
  const by = (element.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  if (by.length > 0) return flat(by.map(words).join(" "));
  if (element.labels?.length) return flat([...element.labels].map(words).join(" "));
  return words(element) || flat(element.getAttribute("title") ?? element.getAttribute("placeholder"));
};
const shown = (element) => {
  const box = element.type === "checkbox" || element.type === "radio" ? (element.labels?.[0] ?? element) : element;
  return box.getClientRects().length > 0 && getComputedStyle(box).visibility !== "hidden" && !element.disabled && !element.closest("[inert]");
};
const dialogs = [...document.querySelectorAll("[aria-modal=true]")].filter((one) => one.getClientRects().length > 0);
const inside = role === "option" ? null : dialogs.at(-1);
const candidates = [...document.querySelectorAll(ROLES[role])].filter(shown).filter((one) => !inside || inside.contains(one));
const exact = candidates.filter((one) => nameOf(one) === wanted);
const begun = candidates.filter((one) => nameOf(one).startsWith(wanted));
const held = candidates.filter((one) => nameOf(one).includes(wanted));
const found = exact[0] ?? begun[0] ?? (role === "row" || role === "option" ? held[0] : undefined) ?? null;
found?.scrollIntoView({ block: "center", inline: "nearest" });
return found;
