import type { Series } from "./Series";
import type { VitalTile } from "./VitalTile";

export type VitalsView = { tiles: Array<VitalTile>, series: Array<Series>, };
