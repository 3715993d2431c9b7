import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFileImport, IconSearch, IconUserPlus } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { LinkButton } from "../../app/LinkButton";
import { useShortcuts } from "../../app/keys";
import { rememberList } from "../../app/patient-list";
import type { PatientsSearch } from "../../app/router";
import { useMe } from "../../app/session";
import { Failed, Empty, Waiting } from "../../parts/DataState";
import { Page } from "../../parts/Page";
import { VirtualList } from "../../parts/VirtualList";
import { PatientLine } from "./PatientLine";
import css from "./Patients.module.css";
import { RegisterDialog } from "./RegisterDialog";
import { usePatients } from "./patients.resource";

/** Every chart this person may open: found as one types, of any number. */
export function PatientsRoom() {
  const { t } = useLingui();
  const me = useMe();
  const go = useNavigate();
  const search = useSearch({ strict: false }) as PatientsSearch;
  const [text, setText] = useState(search.text ?? "");
  const [asked] = useDebouncedValue(text.trim(), 80);
  const [archived, setArchived] = useState(false);
  const [saved, setSaved] = useState(false);
  const [current, setCurrent] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const found = usePatients(asked, { archived, saved });
  const staff = me.role !== "patient";

  useEffect(() => setCurrent(0), [asked, archived, saved]);
  useEffect(() => rememberList(found.rows.map((row) => row.id)), [found.rows]);
  useShortcuts([
    { keys: "/", label: t`Search in the list`, group: t`Patients`, run: () => field.current?.focus() },
    { keys: "j", label: t`Next patient of the list`, group: t`Patients`, run: () => setCurrent((at) => Math.min(found.rows.length - 1, at + 1)) },
    { keys: "k", label: t`Previous patient of the list`, group: t`Patients`, run: () => setCurrent((at) => Math.max(0, at - 1)) },
    { keys: "r", label: t`Register a patient`, group: t`Patients`, run: () => staff && setRegister(true) },
  ]);
  const setRegister = (register: boolean) => void go({ to: "/patients", search: { text: asked || undefined, register: register || undefined }, replace: true });
  const open = (id: string) => void go({ to: "/patients/$patient", params: { patient: id } });

  return (
    <Page
      filled
      title={<Trans>Patients</Trans>}
      note={found.total === null ? undefined : <Plural value={found.total} one="# patient" other="# patients" />}
      actions={
        <>
          <LinkButton to="/import" leftSection={<IconFileImport size="1.1rem" aria-hidden />}>
            <Trans>Import</Trans>
          </LinkButton>
          {staff ? (
            <Button leftSection={<IconUserPlus size="1.1rem" aria-hidden />} onClick={() => setRegister(true)}>
              <Trans>Register a patient</Trans>
            </Button>
          ) : null}
        </>
      }
    >
      <div className={css.room}>
        <div className={css.tools}>
          <TextInput
            ref={field}
            className={css.search}
            aria-label={t`Search patients`}
            placeholder={t`Part of a name, number, birth date or phone`}
            leftSection={<IconSearch size="1.1rem" aria-hidden />}
            value={text}
            autoFocus
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === "ArrowDown") setCurrent((at) => Math.min(found.rows.length - 1, at + 1));
              else if (event.key === "ArrowUp") setCurrent((at) => Math.max(0, at - 1));
              else if (event.key === "Enter" && found.rows[current]) open(found.rows[current].id);
              else return;
              event.preventDefault();
            }}
          />
          {me.clinical ? <Switch checked={saved} onChange={(event) => setSaved(event.currentTarget.checked)} label={t`Only saved by you`} /> : null}
          <Switch checked={archived} onChange={(event) => setArchived(event.currentTarget.checked)} label={t`Only archived`} />
        </div>
        <List found={found} saved={saved} current={current} onCurrent={setCurrent} onOpen={open} text={asked} onRegister={staff ? () => setRegister(true) : undefined} />
      </div>
      <RegisterDialog opened={search.register === true && staff} name={text} onClose={() => setRegister(false)} onRegistered={open} />
    </Page>
  );
}

interface ListProps {
  found: ReturnType<typeof usePatients>;
  current: number;
  onCurrent: (index: number) => void;
  onOpen: (id: string) => void;
  text: string;
  saved: boolean;
  onRegister?: () => void;
}

function List({ found, saved, current, onCurrent, onOpen, text, onRegister }: ListProps) {
  const { t } = useLingui();
  if (found.error) return <Failed problem={found.error} onRetry={found.retry} />;
  if (found.total === null) return <Waiting rows={8} />;
  if (found.rows.length === 0 && saved) {
    return (
      <div className={css.list}>
        <Empty>{text ? <Trans>None of the patients you saved fits “{text}”.</Trans> : <Trans>You keep no patient at hand yet. The star beside a name in a chart does it.</Trans>}</Empty>
      </div>
    );
  }
  if (found.rows.length === 0) {
    const action = onRegister ? (
      <Button variant="default" onClick={onRegister} leftSection={<IconUserPlus size="1.1rem" aria-hidden />}>
        {text ? <Trans>Register “{text}”</Trans> : <Trans>Register a patient</Trans>}
      </Button>
    ) : null;
    return (
      <div className={css.list}>
        <Empty action={action}>{text ? <Trans>Nobody fits “{text}”. Try fewer letters, the birth date or the phone number.</Trans> : <Trans>No chart yet. Register a patient, or import files you already have.</Trans>}</Empty>
      </div>
    );
  }
  return (
    <div className={css.list}>
      <VirtualList
        items={found.rows}
        idOf={(row) => row.id}
        rowRem={3.5}
        label={t`Patients`}
        current={current}
        onCurrent={onCurrent}
        onOpen={(row) => onOpen(row.id)}
        onEnd={found.more}
      >
        {(row) => <PatientLine row={row} text={text} />}
      </VirtualList>
    </div>
  );
}
