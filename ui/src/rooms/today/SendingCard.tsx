import { Trans, useLingui } from "@lingui/react/macro";
import { LinkButton } from "../../app/LinkButton";
import { useAsk } from "../../app/queries";
import { syncFace, unsent } from "../../app/sync-face";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DataState } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import css from "./SendingCard.module.css";

/** Where the day's changes are: here, waiting, sent. */
export function SendingCard() {
  const { i18n } = useLingui();
  const sync = useAsk("sync.state", {});
  return (
    <Card
      title={<Trans>Where the changes are</Trans>}
      actions={
        <LinkButton to="/sync" variant="subtle" size="compact-sm">
          <Trans>Sync centre</Trans>
        </LinkButton>
      }
    >
      <DataState query={sync} rows={2}>
        {(state) => {
          const face = syncFace(state);
          return (
            <div className={css.lines}>
              <Chip tone={face.tone} icon={face.icon}>
                {i18n._(face.words)}
              </Chip>
              {state.phase === "no_remote" ? (
                <p className="secondary">
                  <Trans>No remote is set: nothing leaves this device. You can set one in the sync centre.</Trans>
                </p>
              ) : (
                <dl className={css.facts}>
                  <dt>
                    <Trans>Oldest unsent change</Trans>
                  </dt>
                  <dd>{unsent(state) > 0 ? <DateText at={state.oldest_unsent} /> : <Trans>None</Trans>}</dd>
                  <dt>
                    <Trans>Last success</Trans>
                  </dt>
                  <dd>{state.last_success ? <DateText at={state.last_success} /> : <Trans>Never</Trans>}</dd>
                </dl>
              )}
            </div>
          );
        }}
      </DataState>
    </Card>
  );
}
