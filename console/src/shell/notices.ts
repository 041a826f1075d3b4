import { notifications } from "@mantine/notifications";

const CLOSE = { "aria-label": "Dismiss" };

/** Something worked. */
export function say(message: string): void {
  notifications.show({ message, autoClose: 4_000, closeButtonProps: CLOSE });
}

/** Something did not, outside of a form that could show it. */
export function complain(error: Error): void {
  notifications.show({
    message: error.message,
    color: "red",
    title: "That did not work",
    autoClose: 10_000,
    closeButtonProps: CLOSE,
  });
}
