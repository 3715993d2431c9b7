import type { Host } from "./host";

/** Opens the door this page was loaded behind: the desktop shell where there is one, else the server it came from. */
export async function openHost(): Promise<Host> {
  if ("__TAURI_INTERNALS__" in window) return (await import("./tauri")).TauriHost.open();
  return new (await import("./http")).HttpHost();
}
