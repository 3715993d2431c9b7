import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { BackupCodes } from "../../bindings/BackupCodes";
import type { FactorSetup } from "../../bindings/FactorSetup";
import { useTell } from "../../app/queries";
import { WrongEntry } from "../../app/WrongEntries";
import { Fields, FormButtons } from "../../parts/fields";
import { QrView } from "../../parts/QrView";
import { BackupCodesList } from "./BackupCodesList";
import css from "./Security.module.css";

/** Digits of a code. */
const DIGITS = 6;

interface Props {
  /** What the app needs; null while nothing is being set up. */
  setup: FactorSetup | null;
  onClose: () => void;
}

/** First the app takes the secret over and proves it, then the codes for its loss are shown, once. */
export function SetUpFactor({ setup, onClose }: Props) {
  const { t } = useLingui();
  const [made, setMade] = useState<BackupCodes | null>(null);
  const close = () => {
    setMade(null);
    onClose();
  };
  return (
    <Modal opened={setup !== null} onClose={close} size="lg" closeOnClickOutside={false} title={made ? t`Your backup codes` : t`Set up the second factor`} closeButtonProps={{ "aria-label": t`Close` }}>
      {made ? <BackupCodesList codes={made.codes} onDone={close} /> : setup ? <Confirm setup={setup} onMade={setMade} onCancel={close} /> : null}
    </Modal>
  );
}

function Confirm({ setup, onMade, onCancel }: { setup: FactorSetup; onMade: (codes: BackupCodes) => void; onCancel: () => void }) {
  const { t } = useLingui();
  const confirm = useTell("factor.confirm");
  const [code, setCode] = useState("");
  const whole = code.replace(/\s/g, "").length === DIGITS;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (whole) confirm.mutate({ code }, { onSuccess: onMade });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <p>
          <Trans>Scan this with an authenticator app on your phone. Any app for six-digit codes will do.</Trans>
        </p>
        <div className={css.setup}>
          <QrView svg={setup.qr} label={t`The secret for the app as a QR code`} size={13} />
          <div className={css.words}>
            <p className="secondary">
              <Trans>If the phone cannot scan, type this key into the app:</Trans>
            </p>
            <p className={`${css.key} mono`}>{setup.secret}</p>
            <p className="secondary">
              <Trans>The key and the picture are shown now and not again. Do not take a screenshot of them.</Trans>
            </p>
          </div>
        </div>
        <TextInput
          label={t`Code that the app shows now`}
          description={t`Six digits. Nothing is turned on before they agree.`}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={9}
          value={code}
          data-autofocus
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <WrongEntry problem={confirm.error} left={0} />
        <FormButtons>
          <Button variant="default" onClick={onCancel}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" disabled={!whole} loading={confirm.isPending}>
            <Trans>Turn on</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}
