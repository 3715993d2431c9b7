
export type Stage = "empty" | "joining" | "locked" | "open";
