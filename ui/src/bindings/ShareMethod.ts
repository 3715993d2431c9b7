
export type ShareMethod = "QR_CODE" | "URL" | "FILE";
