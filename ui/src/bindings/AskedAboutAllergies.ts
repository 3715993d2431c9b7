import type { Asked } from "./Asked";

export type AskedAboutAllergies = { patient: string, answer: Asked, };
