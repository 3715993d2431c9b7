
export type Asked = "none_known" | "some" | "unknown";
