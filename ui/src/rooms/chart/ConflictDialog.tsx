import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import type { ReactNode } from "react";
import type { ConflictView } from "../../bindings/ConflictView";
import type { KeptVersion } from "../../bindings/KeptVersion";
import { HistoryButton } from "../../app/HistoryDialog";
import { useTell } from "../../app/queries";
import { WeightChip } from "../../app/WeightChip";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Fields, FormButtons } from "../../parts/fields";
import { fieldWord } from "../../words/fields";
import css from "./ConflictDialog.module.css";
import { marked } from "./diff";

interface Props {
  conflict: ConflictView | null;
  onClose: () => void;
}

/** Two versions beside each other, with what both had agreed on before; a person chooses, and the other stays in the history. */
export function ConflictDialog({ conflict, onClose }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={conflict !== null} onClose={onClose} title={t`Compare and choose`} size="xl" closeButtonProps={{ "aria-label": t`Close` }}>
      {conflict ? <Sides key={conflict.id} conflict={conflict} onClose={onClose} /> : null}
    </Modal>
  );
}

function Sides({ conflict, onClose }: { conflict: ConflictView; onClose: () => void }) {
  const { t } = useLingui();
  const resolve = useTell("sync.resolve");
  const choose = (keep: KeptVersion) => resolve.mutate({ id: conflict.id, keep }, { onSuccess: onClose });
  return (
    <Fields>
      <h3>
        {fieldWord(conflict.field)} <WeightChip weight={conflict.weight} />
        {conflict.patient_name ? <span className="secondary"> · {conflict.patient_name}</span> : null}
      </h3>
      <div>
        <p className="label">
          <Trans>Before, on both devices</Trans>
        </p>
        <blockquote className={`${css.base} dense`}>{conflict.base ?? t`Not recorded`}</blockquote>
      </div>
      <div className={css.sides}>
        <Side
          title={<Trans>Shown now</Trans>}
          by={conflict.shown_by}
          at={conflict.shown_at}
          value={conflict.shown}
          other={conflict.displaced}
          action={
            <Button variant="default" onClick={() => choose("shown")} loading={resolve.isPending} data-autofocus>
              <Trans>Keep what is shown</Trans>
            </Button>
          }
        />
        <Side
          title={<Trans>Set aside</Trans>}
          by={conflict.displaced_by}
          at={conflict.displaced_at}
          value={conflict.displaced}
          other={conflict.shown}
          action={
            <Button variant="default" onClick={() => choose("displaced")} loading={resolve.isPending}>
              <Trans>Use this one</Trans>
            </Button>
          }
        />
      </div>
      <p className="secondary">
        <Trans>Whichever you choose, the other stays in the history with its author and time, and for thirty days the choice can be taken back in the sync centre.</Trans>
      </p>
      {resolve.error ? <Failed problem={resolve.error} /> : null}
      <FormButtons>
        <HistoryButton collection={conflict.collection} id={conflict.document} field={conflict.field} />
        {conflict.can_keep_both ? (
          <Button variant="default" onClick={() => choose("both")} loading={resolve.isPending}>
            <Trans>Keep both</Trans>
          </Button>
        ) : null}
        <Button variant="subtle" onClick={onClose}>
          <Trans>Decide later</Trans>
        </Button>
      </FormButtons>
    </Fields>
  );
}

interface SideProps {
  title: ReactNode;
  by: string | null;
  at: string;
  value: string | null;
  other: string | null;
  action: ReactNode;
}

function Side({ title, by, at, value, other, action }: SideProps) {
  const { t } = useLingui();
  return (
    <section className={css.side} aria-label={by ?? t`Unknown device`}>
      <div>
        <strong>{title}</strong>
        <p className="secondary">
          {by ?? t`Unknown device`} · <DateText at={at} />
        </p>
      </div>
      <p className={css.value}>
        {value === null ? (
          <span className="secondary">
            <Trans>Empty</Trans>
          </span>
        ) : (
          marked(value, other ?? "").map((piece, index) =>
            piece.differs ? (
              <mark key={index} className={css.mark}>
                {piece.text}
              </mark>
            ) : (
              <span key={index}>{piece.text}</span>
            ),
          )
        )}
      </p>
      {action}
    </section>
  );
}
