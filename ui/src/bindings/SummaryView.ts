import type { CheckRow } from "./CheckRow";
import type { CheckView } from "./CheckView";
import type { ConflictView } from "./ConflictView";
import type { MedicationRow } from "./MedicationRow";
import type { NoteRow } from "./NoteRow";
import type { RecordRow } from "./RecordRow";
import type { Series } from "./Series";
import type { VitalTile } from "./VitalTile";

export type SummaryView = { latest_check: CheckView | null, checks: Array<CheckRow>, vitals: Array<VitalTile>, bmi: Series | null, height_cm: number | null, medications: Array<MedicationRow>, records: Array<RecordRow>, notes: Array<NoteRow>, conflicts: Array<ConflictView>, emergency_number: string, };
