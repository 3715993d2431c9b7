import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ShareChoice } from "../../bindings/ShareChoice";
import { calendarDay } from "../../words/dates";
import { TYPES, typeWord } from "../records";
import { kindWord } from "./share-words";
import css from "./Shares.module.css";

interface Props {
  choices: readonly ShareChoice[];
  chosen: string[];
  onChange: (ids: string[]) => void;
}

const SHOWN = 200;

/** The records that go into a share, found by typing. Nothing is chosen that was not ticked. */
export function ShareChoices({ choices, chosen, onChange }: Props) {
  const { t, i18n } = useLingui();
  const typeOf = (one: ShareChoice) => TYPES.filter((type) => type === one.detail).map((type) => i18n._(typeWord(type)));
  const [text, setText] = useState("");
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = choices.filter((one) => words.every((word) => one.title.toLowerCase().includes(word)));
  // What is chosen stays in sight even where it does not fit the search.
  const shown = [...choices.filter((one) => chosen.includes(one.id) && !fitting.includes(one)), ...fitting].slice(0, SHOWN);
  if (choices.length === 0) {
    return (
      <p className="secondary">
        <Trans>This chart has no records to share yet.</Trans>
      </p>
    );
  }
  return (
    <Checkbox.Group label={t`Records (${chosen.length} of ${choices.length} chosen)`} value={chosen} onChange={onChange}>
      <div style={{ display: "flex", gap: "0.5rem", marginBlock: "0.375rem" }}>
        <TextInput style={{ flex: 1 }} aria-label={t`Find a record`} placeholder={t`Find a record`} leftSection={<IconSearch size="1rem" aria-hidden />} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <Button variant="default" disabled={chosen.length === 0} onClick={() => onChange([])}>
          <Trans>None</Trans>
        </Button>
      </div>
      <div className={css.choices} tabIndex={0} role="group" aria-label={t`Records`}>
        {shown.map((one) => (
          <Checkbox key={one.id} value={one.id} label={one.title} description={[one.date ? calendarDay(one.date) : t`date not recorded`, ...typeOf(one)].join(" · ")} />
        ))}
        {shown.length === 0 ? (
          <p className="secondary">
            <Trans>No record fits.</Trans>
          </p>
        ) : null}
      </div>
    </Checkbox.Group>
  );
}

/** The parts of the front page that go along, with how many entries each has. */
export function PartChoices({ choices, chosen, onChange }: Props) {
  const { t, i18n } = useLingui();
  return (
    <Checkbox.Group label={t`Parts of the front page`} value={chosen} onChange={onChange}>
      <div className={css.parts} style={{ marginTop: "0.375rem" }}>
        {choices
          .filter((one) => one.kind !== "record")
          .map((one) => {
            const word = kindWord(one.kind);
            return <Checkbox key={one.kind} value={one.kind} label={`${typeof word === "string" ? word : i18n._(word)} (${one.detail ?? "0"})`} />;
          })}
      </div>
    </Checkbox.Group>
  );
}
