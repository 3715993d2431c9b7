import { createContext, useContext, type ReactNode } from "react";
import type { Host } from "./host";

const HostContext = createContext<Host | null>(null);

/** Gives the host to everything below. */
export function HostProvider({ host, children }: { host: Host; children: ReactNode }) {
  return <HostContext.Provider value={host}>{children}</HostContext.Provider>;
}

/** The host of this window. */
export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error("useHost is used outside HostProvider");
  return host;
}
