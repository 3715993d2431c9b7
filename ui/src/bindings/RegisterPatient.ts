import type { BloodGroup } from "./BloodGroup";
import type { Gender } from "./Gender";

export type RegisterPatient = { name: string, date_of_birth: string | null, gender: Gender | null, phone: string | null, email: string | null, address: string | null, preferred_language: string | null, blood_group: BloodGroup | null, };
