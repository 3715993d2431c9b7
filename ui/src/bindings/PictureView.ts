import type { MinMax } from "./MinMax";
import type { PathPoint } from "./PathPoint";
import type { Span } from "./Span";
import type { TrackPoint } from "./TrackPoint";

export type PictureView = { waveform: Array<MinMax>, duration_s: number, marked: Array<Span>, f0: Array<TrackPoint>, path: Array<PathPoint>, ellipse: Array<PathPoint>, };
