
export type CheckStatus = "completed" | "insufficient_quality" | "no_reference";
