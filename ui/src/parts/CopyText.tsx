import { Trans } from "@lingui/react/macro";
import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy, IconDeviceFloppy } from "@tabler/icons-react";
import css from "./CopyText.module.css";

interface Props {
  text: string;
  label: string;
  /** Offers to save the text as a file of this name too. */
  fileName?: string;
}

function save(text: string, fileName: string) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}

/** A long code to carry over: shown in full, copied or saved in one go. */
export function CopyText({ text, label, fileName }: Props) {
  return (
    <div className={css.frame}>
      <textarea className={`${css.text} mono`} readOnly value={text} aria-label={label} rows={3} onFocus={(event) => event.currentTarget.select()} />
      <div className={css.buttons}>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" size="xs" onClick={copy} leftSection={copied ? <IconCheck size="1rem" aria-hidden /> : <IconCopy size="1rem" aria-hidden />}>
              {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
            </Button>
          )}
        </CopyButton>
        {fileName ? (
          <Button variant="default" size="xs" onClick={() => save(text, fileName)} leftSection={<IconDeviceFloppy size="1rem" aria-hidden />}>
            <Trans>Save as a file</Trans>
          </Button>
        ) : null}
      </div>
    </div>
  );
}
