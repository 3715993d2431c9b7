
export type MedicationStatus = "active" | "completed" | "stopped" | "on_hold" | "unknown";
