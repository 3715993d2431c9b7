
export type AccessPlace = "this_device" | "link_host" | "file" | "offline_scan";
