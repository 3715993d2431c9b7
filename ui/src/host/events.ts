/** A write was committed on this device or arrived from another; views that read these collections are stale. */
export interface ChangedEvent {
  kind: "changed";
  /** Names of the collections that hold something new. */
  collections: string[];
}

/** The state of the sync engine moved. */
export interface SyncEvent {
  kind: "sync";
}

/** The vault was opened, locked or switched. */
export interface SessionEvent {
  kind: "session";
}

/** A long task moved on. */
export interface ProgressEvent {
  kind: "progress";
  /** Which task: the name of the request that started it. */
  task: string;
  done: number;
  total: number;
}

export type HostEvent = ChangedEvent | SyncEvent | SessionEvent | ProgressEvent;
