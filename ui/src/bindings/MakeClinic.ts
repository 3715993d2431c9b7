
export type MakeClinic = { clinic_name: string, name: string, email: string | null, specialization: string | null, passphrase: string, language: string, };
