import type { Ref } from "react";

interface Props {
  ref: Ref<HTMLInputElement>;
  accept?: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
  testId?: string;
}

/** The system's dialog behind a button of ours: unseen, not in the way of the keyboard, and ready for the same file twice. */
export function FileInput({ ref, accept, multiple, onFiles, testId = "file-input" }: Props) {
  return (
    <input
      ref={ref}
      type="file"
      className="sr-only"
      tabIndex={-1}
      aria-hidden
      accept={accept}
      multiple={multiple}
      data-testid={testId}
      onChange={(event) => {
        onFiles([...(event.currentTarget.files ?? [])]);
        event.currentTarget.value = "";
      }}
    />
  );
}
