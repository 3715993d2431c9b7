import type { Role } from "./Role";

export type RequestView = { own_device: boolean, role: Role | null, };
