import type { Role } from "./Role";

export type MeView = { user: string, name: string, initials: string, role: Role, clinical: boolean, realm_name: string, alone: boolean, device: string, chart: string | null, };
