
export type InvitationView = { text: string, qr: string, expires_at: string, };
