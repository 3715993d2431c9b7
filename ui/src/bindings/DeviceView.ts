
export type DeviceView = { id: string, owner: string, this_device: boolean, last_seen: string | null, };
