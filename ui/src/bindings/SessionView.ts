import type { JoiningView } from "./JoiningView";
import type { MeView } from "./MeView";
import type { ProfileView } from "./ProfileView";
import type { Stage } from "./Stage";

export type SessionView = { stage: Stage, profiles: Array<ProfileView>, me: MeView | null, joining: JoiningView | null, version: string, };
