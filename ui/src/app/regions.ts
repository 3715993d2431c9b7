/** Moves the focus to the next part of the window marked `data-region` (side bar, patient banner, content, status line), in a ring. */
export function focusNextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")];
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  regions[(at + 1) % Math.max(1, regions.length)]?.focus();
}
