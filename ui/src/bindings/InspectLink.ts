
export type InspectLink = { text: string, };
