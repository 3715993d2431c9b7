
export type Gender = "female" | "male" | "other";
