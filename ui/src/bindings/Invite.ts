import type { Role } from "./Role";

export type Invite = { own_device: boolean, role: Role | null, clinical: boolean, chart: string | null, };
