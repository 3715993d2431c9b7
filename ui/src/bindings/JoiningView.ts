
export type JoiningView = { request: string, check_words: string, own_device: boolean, };
