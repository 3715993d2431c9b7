import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconBan, IconClockPlus, IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { ShareRow } from "../../bindings/ShareRow";
import { useTell } from "../../app/queries";
import { ConfirmDialog } from "../../parts/ConfirmDialog";
import { Failed } from "../../parts/DataState";
import { canExtend, ExtendDialog } from "./ExtendDialog";
import css from "./Shares.module.css";

/** Pause, resume, extend, revoke. Shown where they can still change something. */
export function ShareActions({ row, small }: { row: ShareRow; small?: boolean }) {
  const { t } = useLingui();
  const [asking, setAsking] = useState(false);
  const [extending, setExtending] = useState(false);
  const pause = useTell("shares.pause");
  const resume = useTell("shares.resume");
  const revoke = useTell("shares.revoke");
  const size = small ? "compact-sm" : "sm";
  const live = row.state === "active" || row.state === "paused";
  if (!live && !canExtend(row)) return null;
  return (
    <div className={css.buttons}>
      {row.state === "active" ? (
        <Button variant="default" size={size} leftSection={<IconPlayerPause size="1rem" aria-hidden />} loading={pause.isPending} onClick={() => pause.mutate({ id: row.id })} aria-label={t`Pause “${row.label}”`}>
          <Trans>Pause</Trans>
        </Button>
      ) : row.state === "paused" ? (
        <Button variant="default" size={size} leftSection={<IconPlayerPlay size="1rem" aria-hidden />} loading={resume.isPending} onClick={() => resume.mutate({ id: row.id })} aria-label={t`Resume “${row.label}”`}>
          <Trans>Resume</Trans>
        </Button>
      ) : null}
      {canExtend(row) && (row.max_uses !== null || row.expires_at !== null) ? (
        <Button variant="default" size={size} leftSection={<IconClockPlus size="1rem" aria-hidden />} onClick={() => setExtending(true)} aria-label={t`Extend “${row.label}”`}>
          <Trans>Extend</Trans>
        </Button>
      ) : null}
      <Button variant="outline" color="red" size={size} leftSection={<IconBan size="1rem" aria-hidden />} onClick={() => setAsking(true)} aria-label={t`Revoke “${row.label}”`}>
        <Trans>Revoke</Trans>
      </Button>
      {pause.error ?? resume.error ? <Failed problem={(pause.error ?? resume.error)!} /> : null}
      <ExtendDialog row={row} opened={extending} onClose={() => setExtending(false)} />
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t`Revoke “${row.label}”?`}
        confirm={<Trans>Revoke for good</Trans>}
        danger
        busy={revoke.isPending}
        onConfirm={() => revoke.mutate({ id: row.id }, { onSuccess: () => setAsking(false) })}
      >
        <Trans>The code opens nothing from now on, and cannot be revived. What was opened before may have been copied.</Trans>
        {revoke.error ? <Failed problem={revoke.error} /> : null}
      </ConfirmDialog>
    </div>
  );
}
