import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import type { IntakeItem } from "../../bindings/IntakeItem";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Empty } from "../../parts/DataState";
import { calendarDay } from "../../words/dates";
import css from "./Intake.module.css";
import { KIND_ORDER, kindFace, STATES } from "./words";

const FIRST_SHOWN = 12;

interface Props {
  items: readonly IntakeItem[];
  ticked: ReadonlySet<string>;
  onChange: (ticked: ReadonlySet<string>) => void;
}

/** Entries by kind in the order of danger, kinds this version does not know last. */
export function byKind(items: readonly IntakeItem[]): [string, IntakeItem[]][] {
  const kinds = [...KIND_ORDER, ...new Set(items.map((item) => item.kind).filter((kind) => !KIND_ORDER.includes(kind)))];
  return kinds.map((kind): [string, IntakeItem[]] => [kind, items.filter((item) => item.kind === kind)]).filter(([, list]) => list.length > 0);
}

/** Everything that may be filed, each with its own tick. */
export function Items({ items, ticked, onChange }: Props) {
  if (items.length === 0) {
    return (
      <Card title={<Trans>Entries</Trans>} padded={false}>
        <Empty>
          <Trans>Nothing in it can be filed as an entry. What could not be read is listed below.</Trans>
        </Empty>
      </Card>
    );
  }
  return (
    <>
      {byKind(items).map(([kind, list]) => (
        <KindCard key={kind} kind={kind} list={list} ticked={ticked} onChange={onChange} />
      ))}
    </>
  );
}

function KindCard({ kind, list, ticked, onChange }: { kind: string; list: IntakeItem[]; ticked: ReadonlySet<string>; onChange: Props["onChange"] }) {
  const { i18n, t } = useLingui();
  const [all, setAll] = useState(false);
  const face = kindFace(kind);
  const heading = i18n._(face.heading);
  const fileable = list.filter((item) => item.state !== "same");
  const on = fileable.filter((item) => ticked.has(item.id)).length;
  const set = (changed: readonly IntakeItem[], value: boolean) => {
    const next = new Set(ticked);
    for (const item of changed) value ? next.add(item.id) : next.delete(item.id);
    onChange(next);
  };
  const shown = all ? list : list.slice(0, FIRST_SHOWN);
  return (
    <Card
      title={heading}
      note={String(list.length)}
      padded={false}
      actions={
        fileable.length > 0 ? (
          <Checkbox
            checked={on === fileable.length}
            indeterminate={on > 0 && on < fileable.length}
            onChange={(event) => set(fileable, event.currentTarget.checked)}
            label={t`All of these`}
            aria-label={t`All of: ${heading}`}
          />
        ) : null
      }
    >
      <ul>
        {shown.map((item) => (
          <li key={item.id} className={css.item}>
            <Checkbox checked={ticked.has(item.id)} disabled={item.state === "same"} onChange={(event) => set([item], event.currentTarget.checked)} label={<ItemWords item={item} />} className={css.tick} />
            <Chip tone={STATES[item.state].tone}>{i18n._(STATES[item.state].words)}</Chip>
          </li>
        ))}
      </ul>
      {list.length > shown.length ? (
        <div className={css.more}>
          <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
            <Plural value={list.length - shown.length} one="Show # more" other="Show # more" />
          </Button>
        </div>
      ) : null}
    </Card>
  );
}

function ItemWords({ item }: { item: IntakeItem }) {
  const detail = [item.date ? calendarDay(item.date) : null, item.detail].filter(Boolean).join(" · ");
  return (
    <span className={css.itemWords}>
      <span>{item.title}</span>
      {detail ? <span className="secondary">{detail}</span> : null}
    </span>
  );
}
