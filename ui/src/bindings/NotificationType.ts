
export type NotificationType = "appointmentConfirmation" | "appointmentReminder" | "appointmentCancellation" | "shareAccessed" | "strokeAlert" | "messageReceived" | "conflictToReview";
