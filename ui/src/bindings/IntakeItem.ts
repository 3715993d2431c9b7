import type { IntakeState } from "./IntakeState";

export type IntakeItem = { id: string, kind: string, title: string, date: string | null, detail: string | null, state: IntakeState, };
