
export type DocumentType = "PRESCRIPTION" | "LAB_REPORT" | "SCAN" | "OTHER" | "VISIT";
