import type { ShareRow } from "./ShareRow";

export type ShareView = { row: ShareRow, link: string, qr: string, address: string, reachable: string, titles: Array<string>, };
