import type { ShareMethod } from "./ShareMethod";
import type { ShareState } from "./ShareState";

export type ShareRow = { id: string, patient: string, patient_name: string, label: string, created_at: string, expires_at: string | null, state: ShareState, uses: number, max_uses: number | null, method: ShareMethod, long_term: boolean, has_passcode: boolean, records: number, };
