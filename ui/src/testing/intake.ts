import type { IntakeView } from "../bindings/IntakeView";
import { id, patientRow } from "./world";

/** A dry run with something new, the same, different, and kept as original. Tests only. */
export const dryRun: IntakeView = {
  ticket: id(6000),
  source: "okafor-summary.json",
  chosen: 0,
  patients: [{ index: 0, name: "Maria Okafor", date_of_birth: "1967-08-14" }],
  items: [
    { id: id(6004), kind: "record", title: "Lipid panel", date: "2026-03-03", detail: null, state: "new" },
    { id: id(6001), kind: "allergy", title: "Penicillin", date: null, detail: "Anaphylaxis", state: "same" },
    { id: id(6002), kind: "allergy", title: "Latex", date: null, detail: "Rash", state: "new" },
    { id: id(6003), kind: "medication", title: "Apixaban 5 mg", date: "2025-11-02", detail: null, state: "different" },
  ],
  types: [
    { resource_type: "AllergyIntolerance", total: 2, mapped: 2, ignored: 0, kept: 0 },
    { resource_type: "Goal", total: 3, mapped: 0, ignored: 0, kept: 3 },
  ],
  problems: [{ resource: "Observation/7", element: "effectiveDateTime", sentence: "not a date" }],
  matches: [patientRow(1, { name: "Maria Okafor" })],
};
