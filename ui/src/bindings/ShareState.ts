
export type ShareState = "active" | "paused" | "revoked" | "expired" | "used_up";
