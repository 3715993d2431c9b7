import { Trans, useLingui } from "@lingui/react/macro";
import { IconLock, IconSearch } from "@tabler/icons-react";
import type { SyncView } from "../bindings/SyncView";
import { KeyHint } from "../parts/KeyHint";
import { span } from "../words/dates";
import { showsCountdown } from "./idle";
import { SyncPill } from "./SyncPill";
import css from "./TopBar.module.css";

interface Props {
  sync: SyncView | undefined;
  lockMinutes: number;
  /** Milliseconds until the lock. */
  left: number;
  onSearch: () => void;
  onLock: () => void;
}

/** Search, where the changes are, and when the window locks. */
export function TopBar({ sync, lockMinutes, left, onSearch, onLock }: Props) {
  const { t } = useLingui();
  return (
    <div className={css.bar} role="region" aria-label={t`Top bar`}>
      <div role="search" className={css.searchBox}>
        <button type="button" className={css.search} onClick={onSearch} aria-haspopup="dialog">
          <IconSearch size="1.1rem" aria-hidden />
          <span className={css.searchText}>
            <Trans>Search patients, actions</Trans>
          </span>
          <KeyHint keys="Ctrl+k" quiet />
        </button>
      </div>
      <div className={css.right}>
        {sync ? <SyncPill state={sync} /> : null}
        <button type="button" className={css.pill} onClick={onLock} title={t`Lock now (Ctrl L)`}>
          <IconLock size="1rem" stroke={1.8} aria-hidden />
          {showsCountdown(left, lockMinutes) ? <Trans>Locks in {span(left)}</Trans> : <Trans>Lock</Trans>}
        </button>
      </div>
    </div>
  );
}
