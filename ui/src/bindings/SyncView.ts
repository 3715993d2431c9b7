import type { SyncPhase } from "./SyncPhase";

export type SyncView = { phase: SyncPhase, problem: string | null, detail: string | null, to_send: number, to_send_bytes: number, to_fetch: number, files_to_send: number, files_to_fetch: number, file_bytes_done: number, file_bytes_total: number, oldest_unsent: string | null, last_success: string | null, offline_since: string | null, conflicts: number, quarantined: number, clock_off_ms: number | null, remote: string | null, };
