import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconKey, IconQrcode, IconShare3, IconWifiOff } from "@tabler/icons-react";
import type { AccessRow } from "../../bindings/AccessRow";
import type { ShareRow } from "../../bindings/ShareRow";
import { useAsk } from "../../app/queries";
import { Card, Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DataState, Empty } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Stack } from "../../parts/Page";
import { outcomeFace, placeWord, stateFace } from "./share-words";
import { EmergencyCard } from "./EmergencyCard";
import { RestrictCard } from "./RestrictCard";
import { ProofActions } from "./ProofActions";
import { ShareActions } from "./ShareActions";
import { Ending, Uses } from "./ShareDialog";
import css from "./Shares.module.css";

export { MakeShareDialog } from "./MakeShare";
export { SendByCodesDialog } from "./SendByCodes";
export { ShareDialog } from "./ShareDialog";

interface Props {
  patient: string;
  onShare: () => void;
  onSend: () => void;
  onOpen: (id: string) => void;
}

/** Everything that was shared out of this chart, and everyone who looked. */
export function SharesRoom({ patient, onShare, onSend, onOpen }: Props) {
  const access = useAsk("access.view", { patient });
  const share = (
    <Button variant="default" leftSection={<IconShare3 size="1.1rem" aria-hidden />} onClick={onShare}>
      <Trans>Share records</Trans>
    </Button>
  );
  const actions = (
    <div className={css.buttons}>
      <Button variant="default" leftSection={<IconWifiOff size="1.1rem" aria-hidden />} onClick={onSend}>
        <Trans>Send without a network</Trans>
      </Button>
      {share}
    </div>
  );
  return (
    <DataState query={access}>
      {(view) => (
        <Stack>
          <RestrictCard patient={patient} />
          <EmergencyCard patient={patient} />
          <Card title={<Trans>Shares</Trans>} actions={actions} padded={false}>
            {view.shares.length === 0 ? (
              <Empty action={share}>
                <Trans>Nothing was shared yet.</Trans>
              </Empty>
            ) : null}
            {view.shares.map((row) => (
              <ShareLine key={row.id} row={row} onOpen={() => onOpen(row.id)} />
            ))}
          </Card>
          <Card title={<Trans>Who looked</Trans>} note={<Trans>names are as the reader gave them, not checked</Trans>} padded={false}>
            {view.accesses.length === 0 ? (
              <Empty>
                <Trans>Nobody has opened a share of this chart, or the chart in an emergency.</Trans>
              </Empty>
            ) : (
              <>
                <ProofActions patient={patient} />
                <AccessTable rows={view.accesses} />
              </>
            )}
          </Card>
        </Stack>
      )}
    </DataState>
  );
}

function ShareLine({ row, onOpen }: { row: ShareRow; onOpen: () => void }) {
  const { i18n } = useLingui();
  const face = stateFace(row.state);
  return (
    <Row
      lead={<IconQrcode size="1.25rem" stroke={1.6} aria-hidden />}
      title={row.label}
      detail={
        <>
          <Trans>
            made <DateText at={row.created_at} />
          </Trans>
          {" · "}
          <Trans>
            ends <Ending row={row} />
          </Trans>
          {" · "}
          <Trans>
            openings <Uses row={row} />
          </Trans>
          {" · "}
          <Plural value={row.records} _0="no record" one="# record" other="# records" />
        </>
      }
      onOpen={onOpen}
      end={
        <>
          {row.has_passcode ? (
            <Chip icon={IconKey}>
              <Trans>Passcode</Trans>
            </Chip>
          ) : null}
          <Chip tone={face.tone}>{i18n._(face.word)}</Chip>
          <ShareActions row={row} small />
        </>
      }
    />
  );
}

function AccessTable({ rows }: { rows: readonly AccessRow[] }) {
  const { t, i18n } = useLingui();
  return (
    <div className={css.wrap} tabIndex={0} role="group" aria-label={t`Who looked`}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col"><Trans>When</Trans></th>
            <th scope="col"><Trans>Who</Trans></th>
            <th scope="col"><Trans>Share or reason</Trans></th>
            <th scope="col"><Trans>Outcome</Trans></th>
            <th scope="col" className="right"><Trans>Records given</Trans></th>
            <th scope="col"><Trans>From where</Trans></th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const face = outcomeFace(row.outcome);
            return (
              <tr key={row.id}>
                <td><DateText at={row.at} /></td>
                <td>{row.member ? <strong>{row.member}</strong> : row.recipient ? `“${row.recipient}”` : <span className="secondary"><Trans>Gave no name</Trans></span>}</td>
                <td>{row.reason ? `“${row.reason}”` : null}{row.share_label ?? (row.reason ? null : <span className="secondary">{row.place === "offline_scan" ? <Trans>Sent by codes from screen to camera</Trans> : <Trans>Not recorded</Trans>}</span>)}</td>
                <td><Chip tone={face.tone}>{i18n._(face.word)}</Chip></td>
                <td className="right">{row.records}</td>
                <td>
                  {i18n._(placeWord(row.place))}
                  {row.ip_address ? <span className="secondary"> · {row.ip_address}</span> : null}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
