import type { AccessOutcome } from "./AccessOutcome";
import type { AccessPlace } from "./AccessPlace";

export type AccessRow = { id: string, at: string, recipient: string | null, member: string | null, place: AccessPlace, outcome: AccessOutcome, records: number, ip_address: string | null, share_label: string | null, };
