import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import { IconCheck, IconMicrophone, IconPencil, IconPhone, IconPlus, IconStretching } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import type { CheckRow } from "../../bindings/CheckRow";
import type { CheckView } from "../../bindings/CheckView";
import type { ContactView } from "../../bindings/ContactView";
import { useAsk } from "../../app/queries";
import { useMe } from "../../app/session";
import { Avatar } from "../../parts/Avatar";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Empty } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { checkFace, confidenceWord, inputWord } from "../../words/checks";
import css from "./Checks.module.css";
import { hasSigns, verdictWord } from "./check-words";
import { OnlySupports } from "./CheckDetail";
import { Confidence } from "./Confidence";
import { AidFooter, EmergencyButton, ResultChip, ResultWords } from "./ResultWords";
import { ReviewDialog } from "./ReviewDialog";
import { Said } from "./Said";
import { Stabilogram } from "./StancePicture";
import { WaveStrip } from "./VoicePicture";

interface Props {
  latest: CheckView | null;
  earlier: readonly CheckRow[];
  contacts: readonly ContactView[];
  emergencyNumber: string;
  onStart: () => void;
  onAddContact: () => void;
  onAll: () => void;
}

/** The newest stroke check beside whom to call. */
export function StrokeCard({ latest, earlier, contacts, emergencyNumber, onStart, onAddContact, onAll }: Props) {
  const me = useMe();
  const [reviewing, setReviewing] = useState<CheckRow | null>(null);
  const review =
    latest && !latest.row.reviewed_at && me.clinical ? (
      <Button variant="default" fullWidth leftSection={<IconCheck size="1.1rem" aria-hidden />} onClick={() => setReviewing(latest.row)}>
        <Trans>Review and record</Trans>
      </Button>
    ) : null;
  return (
    <Card
      title={<Trans>Stroke check</Trans>}
      padded={false}
      note={latest ? <Source view={latest} /> : undefined}
      actions={
        latest ? (
          <>
            <span className="secondary">
              <DateText at={latest.row.detected_at} />
            </span>
            <Button variant="subtle" size="compact-sm" onClick={onAll}>
              <Trans>All checks</Trans>
            </Button>
          </>
        ) : undefined
      }
    >
      <div className={css.stroke}>
        <div className={css.strokeMain}>
          {latest ? <Latest view={latest} emergencyNumber={emergencyNumber} /> : <NoCheck onStart={onStart} />}
          {earlier.length > 0 ? <Earlier rows={earlier} /> : null}
        </div>
        <Calls contacts={contacts} emergencyNumber={emergencyNumber} onAdd={onAddContact}>
          {review}
        </Calls>
      </div>
      <ReviewDialog row={reviewing} onClose={() => setReviewing(null)} />
    </Card>
  );
}

function Source({ view }: { view: CheckView }) {
  const Icon = view.row.input_type === "voice" ? IconMicrophone : IconStretching;
  return (
    <Chip tone="device" icon={Icon}>
      <Said word={inputWord(view.row.input_type)} /> · {view.row.model_version}
    </Chip>
  );
}

function NoCheck({ onStart }: { onStart: () => void }) {
  return (
    <Empty
      action={
        <Button variant="default" leftSection={<IconPlus size="1.1rem" aria-hidden />} onClick={onStart}>
          <Trans>Start stroke check</Trans>
        </Button>
      }
    >
      <Trans>No stroke check yet. A first one while well is the reference for later ones.</Trans>
    </Empty>
  );
}

function Latest({ view, emergencyNumber }: { view: CheckView; emergencyNumber: string }) {
  const picture = useAsk("checks.picture", { id: view.row.id }, { enabled: view.has_recording });
  const shown = picture.data;
  return (
    <>
      <ResultChip row={view.row} />
      {shown && view.row.input_type === "voice" ? <WaveStrip picture={shown} /> : null}
      {shown && view.row.input_type === "balance" ? (
        <div className={css.beside}>
          <Stabilogram picture={shown} side={190} />
          <div>
            <Meaning view={view} emergencyNumber={emergencyNumber} />
          </div>
        </div>
      ) : (
        <Meaning view={view} emergencyNumber={emergencyNumber} />
      )}
      <AidFooter />
    </>
  );
}

function Meaning({ view, emergencyNumber }: { view: CheckView; emergencyNumber: string }) {
  const done = view.row.status === "completed";
  return (
    <>
      {hasSigns(view.row) ? (
        <p role="alert">
          <strong>
            <Trans>If this is new, call {emergencyNumber} now. Note the time it started.</Trans>
          </strong>
        </p>
      ) : (
        <ResultWords row={view.row} quality={view.quality} emergencyNumber={emergencyNumber} />
      )}
      {done && view.only_supports ? <OnlySupports /> : null}
      {done ? <Confidence value={view.row.confidence} /> : null}
      <p className="secondary">
        <Trans>
          Quality of the recording: <Said word={verdictWord(view.quality_verdict)} />
        </Trans>
      </p>
    </>
  );
}

/** The checks before the newest one, as a table. */
function Earlier({ rows }: { rows: readonly CheckRow[] }) {
  const { t, i18n } = useLingui();
  return (
    <div className={css.tableWrap} tabIndex={0} role="group" aria-label={t`Earlier checks`}>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col"><Trans>Earlier</Trans></th>
            <th scope="col"><Trans>Input</Trans></th>
            <th scope="col"><Trans>Result</Trans></th>
            <th scope="col"><Trans>Same on repeat</Trans></th>
            <th scope="col"><Trans>Reviewed by</Trans></th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, 4).map((row) => {
            const face = checkFace(row);
            return (
              <tr key={row.id}>
                <td><DateText at={row.detected_at} /></td>
                <td><Said word={inputWord(row.input_type)} /></td>
                <td style={face.tone === "crit" ? { color: "var(--crit)", fontWeight: 600 } : undefined}><Said word={face.short} /></td>
                <td>{row.confidence === null ? <span className="secondary"><Trans>None</Trans></span> : i18n._(confidenceWord(row.confidence))}</td>
                <td>{row.reviewed_by ?? <span className="secondary"><Trans>Nobody yet</Trans></span>}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Calls({ contacts, emergencyNumber, onAdd, children }: { contacts: readonly ContactView[]; emergencyNumber: string; onAdd: () => void; children: ReactNode }) {
  const { t } = useLingui();
  return (
    <aside className={css.strokeSide} aria-label={t`Emergency contacts`}>
      <div className={css.confHead}>
        <h3>
          <Trans>Emergency contacts</Trans>
        </h3>
        <ActionIcon size={28} aria-label={t`Edit emergency contacts`} onClick={onAdd}>
          <IconPencil size="1rem" aria-hidden />
        </ActionIcon>
      </div>
      {contacts.length === 0 ? (
        <p className="secondary">
          <Trans>Not recorded</Trans>
        </p>
      ) : null}
      {contacts.slice(0, 3).map((contact) => (
        <div key={contact.id} className={css.contact}>
          <Avatar name={contact.name} size={1.75} />
          <span className={css.contactText}>
            <strong>{contact.name}</strong>
            <br />
            <span className="secondary">
              {contact.relation ? <>{contact.relation}<br /></> : null}
              <span className="nowrap">{contact.phone}</span>
            </span>
          </span>
          <ActionIcon component="a" href={`tel:${contact.phone.replace(/\s+/g, "")}`} variant="default" aria-label={t`Call ${contact.name}, ${contact.phone}`}>
            <IconPhone size="1.1rem" aria-hidden />
          </ActionIcon>
        </div>
      ))}
      <div className={css.buttons}>
        <EmergencyButton number={emergencyNumber} full />
        {children}
      </div>
    </aside>
  );
}
