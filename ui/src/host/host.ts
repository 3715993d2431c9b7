import type { Event as HostEvent } from "../bindings/Event";
import type { Downloads, Requests, Uploads } from "../bindings/requests";

export type { HostEvent };
export type RequestName = keyof Requests;
export type Input<K extends RequestName> = Requests[K]["in"];
export type Output<K extends RequestName> = Requests[K]["out"];
export type UploadName = keyof Uploads;
export type DownloadName = keyof Downloads;

/** Stops a subscription. */
export type Unsubscribe = () => void;

/**
 * The only door out of the window. Three implementations: the desktop (`tauri`), a headless server (`http`) and a table of
 * answers for tests (`memory`). Every failure is thrown as a `Problem`.
 */
export interface Host {
  /** Asks the program for one thing; typed at both ends by the generated `Requests`. */
  ask<K extends RequestName>(name: K, input: Input<K>): Promise<Output<K>>;
  /** Hands over raw bytes (a file to import, a picture of a code, a recording) with the input that goes with them. */
  askBytes<K extends UploadName>(name: K, meta: Uploads[K]["in"], bytes: Uint8Array): Promise<Uploads[K]["out"]>;
  /** Fetches raw bytes (an attachment, a sheet to print). */
  bytes<K extends DownloadName>(name: K, input: Downloads[K]["in"]): Promise<Uint8Array>;
  /** Lets the person choose a folder of this computer; null when they chose none. Absent where there is no such dialog. */
  chooseFolder?(): Promise<string | null>;
  /** Hears one kind of event until the returned function is called. */
  on<E extends HostEvent["kind"]>(kind: E, hear: (event: Extract<HostEvent, { kind: E }>) => void): Unsubscribe;
}

/** Calls the listeners of one event stream by kind; shared by all hosts. */
export class Listeners {
  private readonly byKind = new Map<string, Set<(event: never) => void>>();

  add(kind: string, hear: (event: never) => void): Unsubscribe {
    const heard = this.byKind.get(kind) ?? new Set();
    heard.add(hear);
    this.byKind.set(kind, heard);
    return () => heard.delete(hear);
  }

  tell(event: { kind: string }): void {
    for (const hear of this.byKind.get(event.kind) ?? []) hear(event as never);
  }
}
