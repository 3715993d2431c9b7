/** What can be opened from anywhere in a chart. */
export type ChartDialog = "front" | "allergies" | "conditions" | "contacts" | "measure" | "record" | "share" | "send" | "check" | "note";

/** The tabs, in the order of their keys. */
export const TABS = ["summary", "records", "vitals", "medications", "checks", "notes", "shares"] as const;
export type ChartTab = (typeof TABS)[number];

/** The tab an address names; anything else is the summary. */
export function tabOf(text: string | undefined): ChartTab {
  return TABS.find((tab) => tab === text) ?? "summary";
}
