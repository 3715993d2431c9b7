import type { Role } from "./Role";

export type PersonView = { user: string, name: string, email: string | null, role: Role, clinical: boolean, chart: string | null, me: boolean, };
