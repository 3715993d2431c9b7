/** The list a chart was opened from, so that [ and ] can go to its neighbours. Lives as long as the window. */
let ids: readonly string[] = [];

/** Keeps the order of the list that is shown. */
export function rememberList(list: readonly string[]): void {
  ids = list;
}

/** The chart before (-1) or after (+1) this one in the remembered list; null at the ends or when it is not in it. */
export function neighbour(id: string, step: -1 | 1): string | null {
  const at = ids.indexOf(id);
  return at < 0 ? null : (ids[at + step] ?? null);
}
