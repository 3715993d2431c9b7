
export type Role = "patient" | "doctor" | "admin" | "super_admin";
