import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Gender } from "../bindings/Gender";
import type { GlassView } from "../bindings/GlassView";
import { age, calendarDay, calendarOf } from "./dates";

const GENDERS: Record<Gender, MessageDescriptor> = { female: msg`Female`, male: msg`Male`, other: msg`Other` };

/** "Female"; null stays null: not recorded is not a gender. */
export function genderWord(gender: Gender | null): string | null {
  return gender ? i18n._(GENDERS[gender]) : null;
}

interface Person {
  date_of_birth: string | null;
  gender: Gender | null;
  patient_number: string | null;
  phone?: string | null;
}

/** "58 y · 14 Aug 1967 · Female · P-204 881": what tells two people of one name apart. */
export function patientLine(person: Person): string {
  const born = person.date_of_birth;
  const years = born ? age(born, calendarOf(new Date())) : null;
  const parts = [years, born ? calendarDay(born) : null, genderWord(person.gender), person.patient_number, person.phone];
  const known = parts.filter((part): part is string => Boolean(part));
  return known.length > 0 ? known.join(" · ") : i18n._(msg`Nothing else recorded`);
}

/** Who opens a restricted chart; empty when it is the patient alone. */
export function allowedNames(view: GlassView): string {
  return view.allowed.map((one) => one.name || i18n._(msg`a member whose name is not here yet`)).join(", ");
}
