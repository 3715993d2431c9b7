import { Trans, useLingui } from "@lingui/react/macro";
import type { SyncView } from "../bindings/SyncView";
import { DateText } from "../parts/DateText";
import { KeyHint } from "../parts/KeyHint";
import css from "./StatusLine.module.css";

/** The line at the bottom: whether we work offline, since when, the last sync, and that the vault is encrypted. */
export function StatusLine({ sync, onHelp }: { sync: SyncView | undefined; onHelp: () => void }) {
  const { t } = useLingui();
  return (
    <footer className={css.line} aria-label={t`Status`} data-region tabIndex={-1}>
      {sync ? <SyncWords sync={sync} /> : null}
      <span className={css.item}>
        <span className={`${css.dot} ${css.ok}`} aria-hidden />
        <Trans>Vault encrypted</Trans>
      </span>
      <button type="button" className={css.help} onClick={onHelp}>
        <KeyHint keys="?" quiet /> <Trans>all keys</Trans>
      </button>
    </footer>
  );
}

function SyncWords({ sync }: { sync: SyncView }) {
  const last = sync.last_success ? (
    <span>
      <Trans>
        Last sync <DateText at={sync.last_success} inline />
      </Trans>
    </span>
  ) : null;
  if (sync.phase === "no_remote") {
    return (
      <span className={css.item}>
        <span className={css.dot} aria-hidden />
        <Trans>Everything stays on this device</Trans>
      </span>
    );
  }
  return (
    <>
      {sync.offline_since ? (
        <span className={css.item}>
          <span className={`${css.dot} ${css.warn}`} aria-hidden />
          <span>
            <Trans>
              Working offline since <DateText at={sync.offline_since} inline />
            </Trans>
          </span>
        </span>
      ) : null}
      {last}
    </>
  );
}
