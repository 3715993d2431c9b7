// FHIR resources as the lines of a page: text alone, nothing of it trusted. Nothing here touches the page.
import { shown } from "./link.js";
import { dateWord, say, word } from "./words.js";

const LONG = 2_000;

const text = (value, max = LONG) => (typeof value === "string" ? shown(value, max) : "");
const list = (value) => (Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : []);

/** The words of a coded value: as written, else as a code system shows it, else ours for the code, else the code. */
function concept(value) {
  const coding = list(value?.coding);
  return text(value?.text) || coding.map((one) => text(one.display)).find(Boolean) || coding.map((one) => text(one.code) && word("absent", text(one.code))).find(Boolean) || "";
}

const codeOf = (value) => list(value?.coding).map((one) => one.code).find((code) => typeof code === "string") ?? "";

function quantity(value) {
  if (typeof value?.value !== "number") return "";
  return `${text(value.comparator)}${value.value} ${text(value.unit ?? value.code)}`.trim();
}

/** What every kind of entry has: its name, what is said beside it, and whether something about it is not understood. */
function entry(resource, name, details, warnings = []) {
  const modified = list(resource.modifierExtension).length > 0 ? [say("modified")] : [];
  return { name: name || say("unnamed"), details: details.filter(Boolean), warnings: [...warnings.filter(Boolean), ...modified], notes: list(resource.note).map((one) => text(one.text)).filter(Boolean), files: [] };
}

const period = (from, to) => [from && say("since", { when: dateWord(from) }), to && say("until", { when: dateWord(to) })];
const refuted = (resource) => codeOf(resource.verificationStatus) === "refuted" && say("refuted");

function allergy(one) {
  const reactions = list(one.reaction).flatMap((reaction) => list(reaction.manifestation).map(concept)).filter(Boolean);
  return entry(
    one,
    concept(one.code),
    [one.criticality && word("criticality", text(one.criticality)), status(one.clinicalStatus), reactions.length > 0 && say("reaction", { text: reactions.join(", ") }), ...period(one.onsetDateTime)],
    [refuted(one)],
  );
}

const status = (value) => codeOf(value) && word("status", codeOf(value));

function medication(one, all) {
  const reference = text(one.medicationReference?.reference);
  const found = reference && all.find((other) => other.resourceType === "Medication" && typeof other.id === "string" && (reference.endsWith(`/${other.id}`) || reference.endsWith(`:${other.id}`)));
  const contained = list(one.contained).find((other) => reference === `#${other.id}`);
  const name = concept(one.medicationCodeableConcept) || concept((found || contained)?.code) || text(one.medicationReference?.display);
  const doses = list(one.dosage ?? one.dosageInstruction).map((dose) => text(dose.text)).filter(Boolean);
  return entry(one, name, [...doses, one.status && word("status", text(one.status)), ...period(one.effectivePeriod?.start ?? one.effectiveDateTime, one.effectivePeriod?.end)], [one.doNotPerform === true && say("not_given")]);
}

function condition(one) {
  return entry(one, concept(one.code), [status(one.clinicalStatus), ...period(one.onsetDateTime ?? one.onsetPeriod?.start, one.abatementDateTime)], [refuted(one)]);
}

function observation(one) {
  const value = (of) => quantity(of.valueQuantity) || concept(of.valueCodeableConcept) || text(of.valueString) || (typeof of.valueInteger === "number" ? String(of.valueInteger) : "") || concept(of.dataAbsentReason);
  const parts = list(one.component).map((part) => `${concept(part.code)}: ${value(part) || say("not_recorded")}`);
  return entry(one, concept(one.code), [value(one) || (parts.length === 0 && list(one.hasMember).length === 0 && say("not_recorded")), ...parts, dateWord(one.effectiveDateTime ?? one.effectivePeriod?.start)]);
}

function document(one) {
  const title = list(one.extension).find((other) => text(other.url).endsWith("/title"))?.valueString;
  const written = list(one.extension).find((other) => text(other.url).endsWith("/notes"))?.valueString;
  const shownEntry = entry(one, text(title) || concept(one.type) || text(one.description), [dateWord(one.context?.period?.start ?? one.date), text(one.description), text(written)]);
  const files = list(one.content).map((content) => content.attachment).filter((attachment) => typeof attachment?.data === "string");
  return { ...shownEntry, files: files.map((file) => ({ name: text(file.title, 120) || say("file"), type: text(file.contentType, 120), data: file.data })) };
}

const SECTIONS = [
  ["allergies", ["AllergyIntolerance"], allergy],
  ["medications", ["MedicationStatement", "MedicationRequest"], medication],
  ["conditions", ["Condition"], condition],
  ["vitals", ["Observation"], observation],
  ["documents", ["DocumentReference"], document],
];
/** Resources that are shown as part of others, or say only how the rest is put together. */
const SILENT = ["Patient", "Medication", "Composition", "Provenance", "Practitioner", "PractitionerRole", "Organization", "Device", "Binary"];

/** When something was observed, for the newest first. */
const when = (one) => Date.parse(one.effectiveDateTime ?? one.effectivePeriod?.start ?? one.date ?? "") || 0;

/** What the page shows of the resources. */
export function chart(resources) {
  const valid = resources.filter((one) => codeOf(one.verificationStatus) !== "entered-in-error" && one.status !== "entered-in-error");
  const sections = SECTIONS.map(([key, types, read]) => {
    const own = valid.filter((one) => types.includes(one.resourceType));
    const sorted = key === "vitals" || key === "documents" ? [...own].sort((a, b) => when(b) - when(a)) : own;
    return { key, entries: sorted.map((one) => read(one, valid)) };
  });
  const known = [...SILENT, ...SECTIONS.flatMap(([, types]) => types)];
  const others = [...new Set(valid.map((one) => text(one.resourceType, 60)).filter((type) => !known.includes(type)))];
  return { patients: valid.filter((one) => one.resourceType === "Patient").map(patient), sections, others };
}

function patient(one) {
  const name = list(one.name).map((own) => text(own.text) || [...(Array.isArray(own.given) ? own.given : []), own.family].map((part) => text(part)).filter(Boolean).join(" ")).find(Boolean);
  return { name: name || "", born: dateWord(one.birthDate), gender: typeof one.gender === "string" ? word("genders", text(one.gender)) : null };
}
