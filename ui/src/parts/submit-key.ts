import type { KeyboardEvent } from "react";

/** Ctrl Enter (Cmd Enter on a Mac) anywhere in a form does what its main button does. For `onKeyDown`. */
export function onSubmitKey(submit: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    submit();
  };
}
