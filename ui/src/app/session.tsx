import { createContext, useContext, type ReactNode } from "react";
import type { MeView } from "../bindings/MeView";

const MeContext = createContext<MeView | null>(null);

/** Gives the person at work to the screens of an open vault. */
export function MeProvider({ me, children }: { me: MeView; children: ReactNode }) {
  return <MeContext.Provider value={me}>{children}</MeContext.Provider>;
}

/** Who is at work. Only inside an open vault. */
export function useMe(): MeView {
  const me = useContext(MeContext);
  if (!me) throw new Error("useMe is used outside an open vault");
  return me;
}
