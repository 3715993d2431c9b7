import type { CheckView } from "./CheckView";
import type { PictureView } from "./PictureView";

export type CheckDraft = { draft: string, view: CheckView, picture: PictureView, };
