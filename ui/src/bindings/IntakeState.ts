
export type IntakeState = "new" | "same" | "different";
