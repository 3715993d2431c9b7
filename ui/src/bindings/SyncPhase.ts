
export type SyncPhase = "no_remote" | "offline" | "connecting" | "pulling" | "pushing" | "live" | "paused" | "blocked";
