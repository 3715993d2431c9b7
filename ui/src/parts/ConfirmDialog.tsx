import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Fields, FormButtons } from "./fields";

interface Props {
  opened: boolean;
  onClose: () => void;
  /** A question that names the object: "Revoke the link for Dr Chen?" */
  title: string;
  /** What happens, and whether it can be taken back. */
  children: ReactNode;
  /** The verb on the button. */
  confirm: ReactNode;
  /** Red, for what destroys or ends something. */
  danger?: boolean;
  busy?: boolean;
  /** Word to be typed first; only for what cannot be undone at all. */
  typed?: string;
  /** True while something that must be seen first is not there. */
  blocked?: boolean;
  onConfirm: () => void;
}

/** Asks before something that matters. Esc and the first button leave everything as it is. */
export function ConfirmDialog({ opened, onClose, title, children, confirm, danger, busy, typed, blocked, onConfirm }: Props) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const ready = !typed || text.trim() === typed;
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t`Close` }}>
      <Fields>
        <div>{children}</div>
        {typed ? (
          <TextInput label={<Trans>Type {typed} to go on</Trans>} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        ) : null}
        <FormButtons>
          <Button variant="default" onClick={onClose} data-autofocus>
            <Trans>Cancel</Trans>
          </Button>
          <Button color={danger ? "red" : undefined} onClick={onConfirm} loading={busy} disabled={!ready || blocked}>
            {confirm}
          </Button>
        </FormButtons>
      </Fields>
    </Modal>
  );
}
