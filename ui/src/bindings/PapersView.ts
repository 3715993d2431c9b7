
export type PapersView = { kit: string, kit_groups: Array<string>, kit_qr: string, root_kit: string | null, fingerprint: string, };
