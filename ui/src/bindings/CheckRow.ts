import type { CheckResult } from "./CheckResult";
import type { CheckStatus } from "./CheckStatus";
import type { InputType } from "./InputType";

export type CheckRow = { id: string, patient: string, patient_name: string, detected_at: string, input_type: InputType, task: string, status: CheckStatus, result: CheckResult | null, confidence: number | null, model_version: string, reviewed_by: string | null, reviewed_at: string | null, waiting: boolean, };
