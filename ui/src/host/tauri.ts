import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { encodeHeader } from "./encode";
import type { Downloads, Uploads } from "../bindings/requests";
import { Listeners, type DownloadName, type Host, type HostEvent, type Input, type Output, type RequestName, type Unsubscribe, type UploadName } from "./host";
import { asProblem } from "./problem";

/** The one event the desktop shell sends; its payload says of which kind it is. */
const STREAM = "aidpost";

async function throwProblems<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    throw asProblem(thrown);
  }
}

/** The desktop shell. The only file that knows Tauri. */
export class TauriHost implements Host {
  private readonly listeners = new Listeners();

  private constructor() {}

  /** Connects to the shell's event stream, then is ready. */
  static async open(): Promise<TauriHost> {
    const host = new TauriHost();
    await listen<HostEvent>(STREAM, (event) => host.listeners.tell(event.payload));
    return host;
  }

  ask<K extends RequestName>(name: K, input: Input<K>): Promise<Output<K>> {
    return throwProblems(invoke<Output<K>>("ask", { name, input }));
  }

  askBytes<K extends UploadName>(name: K, meta: Uploads[K]["in"], bytes: Uint8Array): Promise<Uploads[K]["out"]> {
    return throwProblems(invoke<Uploads[K]["out"]>("ask_bytes", bytes, { headers: { name, input: encodeHeader(meta) } }));
  }

  async bytes<K extends DownloadName>(name: K, input: Downloads[K]["in"]): Promise<Uint8Array> {
    return new Uint8Array(await throwProblems(invoke<ArrayBuffer>("bytes", { name, input })));
  }

  chooseFolder(): Promise<string | null> {
    return throwProblems(invoke<string | null>("plugin:dialog|open", { options: { directory: true } }));
  }

  on<E extends HostEvent["kind"]>(kind: E, hear: (event: Extract<HostEvent, { kind: E }>) => void): Unsubscribe {
    return this.listeners.add(kind, hear);
  }
}
