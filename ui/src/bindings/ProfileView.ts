
export type ProfileView = { id: string, initials: string, role: string, last_sync: string | null, problem: string | null, };
