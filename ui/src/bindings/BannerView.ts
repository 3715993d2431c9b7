import type { AllergyView } from "./AllergyView";
import type { Asked } from "./Asked";
import type { BloodGroup } from "./BloodGroup";
import type { ChartCounts } from "./ChartCounts";
import type { ConditionView } from "./ConditionView";
import type { ContactView } from "./ContactView";
import type { Gender } from "./Gender";

export type BannerView = { id: string, name: string, initials: string, date_of_birth: string | null, age: number | null, gender: Gender | null, gender_as_entered: string | null, blood_group: BloodGroup | null, patient_number: string | null, phone: string | null, email: string | null, address: string | null, preferred_language: string | null, allergies_asked: Asked | null, allergies_asked_at: string | null, allergies_asked_by: string | null, allergies: Array<AllergyView>, conditions: Array<ConditionView>, past_conditions: Array<ConditionView>, contacts: Array<ContactView>, counts: ChartCounts, is_archived: boolean, waiting: boolean, origin: string | null, };
