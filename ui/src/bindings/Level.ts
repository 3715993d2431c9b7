
export type Level = "normal" | "low" | "high" | "critical_low" | "critical_high" | "unrated";
