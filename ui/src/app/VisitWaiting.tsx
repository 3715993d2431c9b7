import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Loader } from "@mantine/core";
import { CopyText } from "../parts/CopyText";
import { Fields } from "../parts/fields";
import css from "./VisitWaiting.module.css";

/** Said while the browser is at a provider, with the address for when none opened. */
export function VisitWaiting({ name, address, onGiveUp }: { name: string; address: string; onGiveUp: () => void }) {
  const { t } = useLingui();
  return (
    <Fields>
      <div className={css.line} role="status">
        <Loader size="xs" aria-hidden />
        <span>
          <Trans>Your browser shows {name}. Sign in there, then come back. This waits for five minutes.</Trans>
        </span>
        <Button variant="default" size="compact-md" onClick={onGiveUp}>
          <Trans>Give up</Trans>
        </Button>
      </div>
      <details>
        <summary>
          <Trans>No browser opened?</Trans>
        </summary>
        <p className="secondary">
          <Trans>Copy this address into a browser on this computer. It is good for this one sign-in.</Trans>
        </p>
        <CopyText text={address} label={t`Address of the sign-in`} />
      </details>
    </Fields>
  );
}
