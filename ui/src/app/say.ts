import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { notifications } from "@mantine/notifications";

/** Says for five seconds that something went well. What went wrong is never said here: it stays where it happened. */
export function say(message: string): void {
  notifications.show({ message, autoClose: 5000, closeButtonProps: { "aria-label": i18n._(msg`Close`) } });
}
