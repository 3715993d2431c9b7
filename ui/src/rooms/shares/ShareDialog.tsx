import { Trans, useLingui } from "@lingui/react/macro";
import { Button, CopyButton, Modal } from "@mantine/core";
import { IconCheck, IconCopy, IconPhotoDown } from "@tabler/icons-react";
import { useState } from "react";
import type { ShareRow } from "../../bindings/ShareRow";
import type { ShareView } from "../../bindings/ShareView";
import { useAsk } from "../../app/queries";
import { useHost } from "../../host/HostContext";
import { asProblem, type Problem } from "../../host/problem";
import { Chip } from "../../parts/Chip";
import { DataState, Failed } from "../../parts/DataState";
import { DateText, useNow } from "../../parts/DateText";
import { QrView } from "../../parts/QrView";
import { saveBytes } from "../../parts/save-file";
import { span } from "../../words/dates";
import { reachWord, stateFace } from "./share-words";
import { ShareActions } from "./ShareActions";
import { AtHost } from "./Anywhere";
import css from "./Shares.module.css";

interface Props {
  id: string | null;
  onClose: () => void;
}

/** A share's code, large enough to scan across a desk, with its limits and the ways to take it back. */
export function ShareDialog({ id, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={id !== null} onClose={onClose} title={t`Shared records`} size="xl" closeButtonProps={{ "aria-label": t`Close` }}>
      {id ? <One id={id} /> : null}
    </Modal>
  );
}

function One({ id }: { id: string }) {
  // Openings are counted by the program while the code is on screen.
  const share = useAsk("shares.view", { id }, { every: 3_000 });
  return <DataState query={share}>{(view) => <Code view={view} />}</DataState>;
}

function Code({ view }: { view: ShareView }) {
  const { t, i18n } = useLingui();
  const face = stateFace(view.row.state);
  const reach = reachWord(view.reachable);
  return (
    <div className={css.qr}>
      {view.row.state === "active" ? (
        <QrView svg={view.qr} label={t`QR code of “${view.row.label}”`} size={20} />
      ) : (
        <p className="secondary" style={{ width: "14rem" }}>
          <Trans>The code is hidden: it opens nothing now.</Trans>
        </p>
      )}
      <div className={css.facts}>
        <div>
          <strong>{view.row.label}</strong>
        </div>
        <div>
          <Chip tone={face.tone}>{i18n._(face.word)}</Chip>
        </div>
        <dl className="dense">
          <dt>
            <Trans>Ends</Trans>
          </dt>
          <dd>
            <Ending row={view.row} />
          </dd>
          <dt>
            <Trans>Openings</Trans>
          </dt>
          <dd className="numbers">
            <Uses row={view.row} />
          </dd>
          <dt>
            <Trans>In it</Trans>
          </dt>
          <dd>{view.titles.length > 0 ? view.titles.join(", ") : <Trans>parts of the front page</Trans>}</dd>
          {view.row.long_term && view.row.content_at ? (
            <>
              <dt>
                <Trans>As of</Trans>
              </dt>
              <dd>
                <DateText at={view.row.content_at} /> <span className="secondary">{view.at_host === null ? <Trans>(follows the chart: updated when it is opened)</Trans> : <Trans>(follows the chart while Aidpost is open here)</Trans>}</span>
              </dd>
            </>
          ) : null}
          <dt>
            <Trans>Served at</Trans>
          </dt>
          <dd>{view.address}</dd>
        </dl>
        {view.at_host === false ? null : <p className="secondary">{typeof reach === "string" ? reach : i18n._(reach)}</p>}
        <AtHost view={view} />
        {view.row.has_passcode ? (
          <p className="secondary">
            <Trans>A passcode is asked for.</Trans>
          </p>
        ) : null}
        {view.row.state === "active" ? <Links view={view} /> : null}
        <ShareActions row={view.row} />
      </div>
    </div>
  );
}

function Links({ view }: { view: ShareView }) {
  const { t } = useLingui();
  const host = useHost();
  const [problem, setProblem] = useState<Problem | null>(null);
  const savePng = async () => {
    try {
      saveBytes(await host.bytes("shares.png", { id: view.row.id }), "aidpost-share.png", "image/png");
      setProblem(null);
    } catch (thrown) {
      setProblem(asProblem(thrown));
    }
  };
  return (
    <>
      <p className={`${css.link} mono`} tabIndex={0} role="group" aria-label={t`Link`}>{view.link}</p>
      <div className={css.buttons}>
        <CopyButton value={view.link}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy} leftSection={copied ? <IconCheck size="1rem" aria-hidden /> : <IconCopy size="1rem" aria-hidden />}>
              {copied ? <Trans>Copied</Trans> : <Trans>Copy the link</Trans>}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={() => void savePng()} leftSection={<IconPhotoDown size="1rem" aria-hidden />}>
          <Trans>Save as a picture</Trans>
        </Button>
      </div>
      <p className="secondary">
        <Trans>Whoever has the link or the picture has the key. Send it only where you would send the records.</Trans>
      </p>
      {problem ? <Failed problem={problem} onRetry={() => void savePng()} /> : null}
    </>
  );
}

/** The end as what is left, with the exact time on hover; or that there is none. */
export function Ending({ row }: { row: ShareRow }) {
  const { t } = useLingui();
  const now = useNow(1_000);
  if (!row.expires_at) return <Trans>when it is taken back</Trans>;
  const end = new Date(row.expires_at);
  const left = end.getTime() - now.getTime();
  const exact = end.toLocaleString();
  if (left <= 0 || row.state === "expired") return <time dateTime={row.expires_at} title={exact}><Trans>over</Trans></time>;
  return (
    <time dateTime={row.expires_at} title={exact} className="numbers nowrap">
      {left < 3_600_000 ? t`in ${countdown(left)}` : t`in ${span(left)}`}
    </time>
  );
}

/** "14:05". */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Openings so far, of how many. */
export function Uses({ row }: { row: ShareRow }) {
  if (row.max_uses === null) return <>{row.uses}</>;
  if (row.uses > row.max_uses) {
    return (
      <Trans>
        {row.uses} of {row.max_uses} (more than allowed, on devices without a network)
      </Trans>
    );
  }
  return (
    <Trans>
      {row.uses} of {row.max_uses}
    </Trans>
  );
}
