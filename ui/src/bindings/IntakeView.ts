import type { IntakeItem } from "./IntakeItem";
import type { IntakeProblem } from "./IntakeProblem";
import type { PatientChoice } from "./PatientChoice";
import type { PatientRow } from "./PatientRow";
import type { TypeCount } from "./TypeCount";

export type IntakeView = { ticket: string, source: string, patients: Array<PatientChoice>, chosen: number, items: Array<IntakeItem>, types: Array<TypeCount>, problems: Array<IntakeProblem>, matches: Array<PatientRow>, };
