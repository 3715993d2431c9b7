import type { MeView } from "./MeView";
import type { PapersView } from "./PapersView";

export type Made = { me: MeView, papers: PapersView | null, };
