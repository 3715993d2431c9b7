import type { CheckRow } from "./CheckRow";
import type { NotificationView } from "./NotificationView";
import type { PatientRow } from "./PatientRow";
import type { ShareRow } from "./ShareRow";

export type TodayView = { patients: Array<PatientRow>, unreviewed: Array<CheckRow>, shares: Array<ShareRow>, notifications: Array<NotificationView>, conflicts: number, total_patients: number, };
