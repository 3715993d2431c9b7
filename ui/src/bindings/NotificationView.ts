import type { NotificationType } from "./NotificationType";

export type NotificationView = { id: string, kind: NotificationType, message: string, sent_at: string, read: boolean, patient: string | null, };
