import type { AccessRow } from "./AccessRow";
import type { ShareRow } from "./ShareRow";

export type AccessView = { shares: Array<ShareRow>, accesses: Array<AccessRow>, };
