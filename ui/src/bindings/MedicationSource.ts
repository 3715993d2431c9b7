
export type MedicationSource = "prescribed" | "taken";
