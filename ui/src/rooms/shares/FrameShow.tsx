import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconPlayerSkipForward } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { SendingByCodes } from "../../bindings/SendingByCodes";
import { usePreferences } from "../../app/preferences";
import { Failed } from "../../parts/DataState";
import { FormButtons } from "../../parts/fields";
import { QrPicture } from "../../parts/QrView";
import { useFrames } from "./frames";
import css from "./Shares.module.css";

/**
 * Three codes a second. WCAG 2.3.1 allows three flashes a second, and a flash is a pair of opposing changes: a module that changed with
 * every code would flash once and a half. So the rule is kept whatever the size of the code and however close somebody sits, and no
 * area need be measured. The code as a whole stays as light as it is, because its masks keep half of the modules dark.
 */
const EVERY_MS = 1_000 / 3;

/** The series of codes, without end: the receiver's screen says when all has arrived. */
export function FrameShow({ sending, onClose }: { sending: SendingByCodes; onClose: () => void }) {
  const { t } = useLingui();
  const still = useLessMotion();
  const [running, setRunning] = useState(!still);
  const { frame, problem, step } = useFrames(sending.ticket);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(step, EVERY_MS);
    return () => clearInterval(timer);
  }, [running, step]);
  const number = frame?.number ?? 0;
  const seconds = Math.ceil((sending.parts * EVERY_MS) / 1_000);
  return (
    <div className={css.qr}>
      <QrPicture png={frame?.picture ?? null} label={t`Changing code for the receiver's camera`} size={24} />
      <div className={css.facts}>
        <p className="numbers">
          <Trans>
            Code {number}, at least {sending.parts} are needed
          </Trans>
        </p>
        <p className="secondary">
          <Trans>One round takes {seconds} seconds. Codes that the camera misses do no harm: later ones stand in for them. Stop when the other screen says that all has arrived.</Trans>
        </p>
        {still ? (
          <p className="secondary">
            <Trans>Movement is reduced on this computer, so the codes wait for you: one at each press.</Trans>
          </p>
        ) : null}
        {problem ? <Failed problem={problem} onRetry={step} /> : null}
        <div className={css.buttons}>
          <Button variant="default" onClick={() => setRunning(!running)} leftSection={running ? <IconPlayerPause size="1rem" aria-hidden /> : <IconPlayerPlay size="1rem" aria-hidden />}>
            {running ? <Trans>Pause</Trans> : <Trans>Play</Trans>}
          </Button>
          <Button variant="default" disabled={running} onClick={step} leftSection={<IconPlayerSkipForward size="1rem" aria-hidden />}>
            <Trans>Next code</Trans>
          </Button>
        </div>
        <FormButtons>
          <Button onClick={onClose}>
            <Trans>Stop</Trans>
          </Button>
        </FormButtons>
      </div>
    </div>
  );
}

/** Does this person, or this computer, want less movement? */
function useLessMotion(): boolean {
  const { motion } = usePreferences();
  return motion === "none" || window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
