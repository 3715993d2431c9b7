// Says why a person could not press this element now, or nothing when they could.
const [element] = arguments;
if (!element.isConnected) return "gone";
if (element.disabled || element.closest("[inert], [aria-disabled=true]")) return "disabled";
const box = element.getClientRects()[0];
if (!box) return "not shown";
const style = getComputedStyle(element);
if (style.visibility === "hidden" || style.pointerEvents === "none") return "not shown";
const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
const y = Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1);
const top = document.elementFromPoint(x, y);
if (top && (element.contains(top) || top.contains(element) || [...(element.labels ?? [])].some((label) => label.contains(top)))) return null;
return `under ${top?.tagName.toLowerCase() ?? "nothing"}.${top?.className ?? ""}`;
