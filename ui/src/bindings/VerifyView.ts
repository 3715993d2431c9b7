import type { VerifyRow } from "./VerifyRow";

export type VerifyView = { same: boolean, rows: Array<VerifyRow>, };
