
export type InputType = "voice" | "balance";
