
export type Severity = "mild" | "moderate" | "severe";
