import type { DeviceView } from "./DeviceView";
import type { PersonView } from "./PersonView";

export type PeopleView = { people: Array<PersonView>, devices: Array<DeviceView>, };
