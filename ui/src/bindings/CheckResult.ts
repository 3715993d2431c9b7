
export type CheckResult = "stroke_detected" | "normal";
