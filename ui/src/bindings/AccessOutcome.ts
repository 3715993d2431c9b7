
export type AccessOutcome = "granted" | "wrong_passcode" | "expired" | "revoked" | "used_up";
