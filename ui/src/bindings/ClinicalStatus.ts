
export type ClinicalStatus = "active" | "resolved" | "inactive";
