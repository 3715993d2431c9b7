import type { Stage } from "./Stage";
import type { SyncView } from "./SyncView";

export type Event = { "kind": "changed", collections: Array<string>, ids: Array<string>, from_remote: boolean, } | { "kind": "sync", state: SyncView, } | { "kind": "session", stage: Stage, } | { "kind": "level", peak_db: number, seconds: number, } | { "kind": "progress", task: string, done: number, total: number, };
