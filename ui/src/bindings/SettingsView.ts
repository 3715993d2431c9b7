
export type SettingsView = { language: string, theme: string, text_size: number, emergency_number: string, single_keys: boolean, lock_minutes: number, };
