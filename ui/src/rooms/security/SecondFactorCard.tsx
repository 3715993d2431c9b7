import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import type { FactorSetup } from "../../bindings/FactorSetup";
import type { FactorView } from "../../bindings/FactorView";
import { useAsk, useTell } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { DataState, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Fields } from "../../parts/fields";
import { BackupCodesList } from "./BackupCodesList";
import css from "./Security.module.css";
import { SetUpFactor } from "./SetUpFactor";

/** So few codes on paper are worth a word. */
const FEW = 3;

/** A code of an app besides the passphrase, before what matters most. */
export function SecondFactorCard() {
  const view = useAsk("factor.view", {});
  const begin = useTell("factor.begin");
  const [setup, setSetup] = useState<FactorSetup | null>(null);
  const start = () => begin.mutate({}, { onSuccess: setSetup });
  const on = view.data?.on === true;
  return (
    <Card
      title={<Trans>Second factor</Trans>}
      note={view.data ? on ? <Trans>On</Trans> : <Trans>Off</Trans> : undefined}
      actions={
        view.data && !on ? (
          <Button variant="default" size="compact-md" loading={begin.isPending} onClick={start}>
            <Trans>Set up</Trans>
          </Button>
        ) : null
      }
    >
      <Fields>
        <p>
          <Trans>A code from an app on your phone, asked for with the passphrase before sharing, inviting and changing what is on this page, and at unlock on a computer that several people use.</Trans>
        </p>
        <p className="secondary">
          <Trans>It stops somebody who watched you type your passphrase. It does not protect a stolen disk: that is what the passphrase is for.</Trans>
        </p>
        <DataState query={view} rows={1}>
          {(factor) => (factor.on ? <WhileOn factor={factor} onMove={start} moving={begin.isPending} /> : null)}
        </DataState>
        {begin.error ? <Failed problem={begin.error} /> : null}
      </Fields>
      <SetUpFactor setup={setup} onClose={() => setSetup(null)} />
    </Card>
  );
}

function WhileOn({ factor, onMove, moving }: { factor: FactorView; onMove: () => void; moving: boolean }) {
  const { t } = useLingui();
  const [ending, setEnding] = useState(false);
  const off = useTell("factor.off");
  const anew = useTell("factor.new_backup_codes");
  const left = factor.backup_codes_left;
  return (
    <>
      <dl className={css.facts}>
        <dt>
          <Trans>In use since</Trans>
        </dt>
        <dd>
          <DateText at={factor.since} />
        </dd>
        <dt>
          <Trans>Backup codes</Trans>
        </dt>
        <dd>
          <Plural value={left} one="# left" other="# left" />
        </dd>
      </dl>
      {left <= FEW ? (
        <Banner tone="warn" title={left === 0 ? t`No backup code is left.` : t`Few backup codes are left.`}>
          <Trans>Without the app and without a code you could no longer share or invite. Make new ones.</Trans>
        </Banner>
      ) : null}
      {anew.error ? <Failed problem={anew.error} /> : null}
      <div className={css.buttons}>
        <Button variant="default" size="compact-md" loading={anew.isPending} onClick={() => anew.mutate({})}>
          <Trans>New backup codes</Trans>
        </Button>
        <Button variant="default" size="compact-md" loading={moving} onClick={onMove}>
          <Trans>Move to another app</Trans>
        </Button>
        <Button variant="default" size="compact-md" onClick={() => setEnding(true)}>
          <Trans>Turn off</Trans>
        </Button>
      </div>
      <Modal opened={anew.data !== undefined} onClose={anew.reset} size="lg" closeOnClickOutside={false} title={t`New backup codes`} closeButtonProps={{ "aria-label": t`Close` }}>
        {anew.data ? <BackupCodesList codes={anew.data.codes} onDone={anew.reset} /> : null}
      </Modal>
      <ConfirmDialog opened={ending} onClose={() => setEnding(false)} title={t`Turn the second factor off?`} confirm={<Trans>Turn off</Trans>} danger busy={off.isPending} onConfirm={() => off.mutate({}, { onSuccess: () => setEnding(false) })}>
        <Trans>From then on the passphrase alone is asked for. The entry in the app and the backup codes no longer work.</Trans>
        {off.error ? <Failed problem={off.error} /> : null}
      </ConfirmDialog>
    </>
  );
}
