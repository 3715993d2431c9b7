import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Select, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { SettingsView } from "../../bindings/SettingsView";
import { setPreferences, TEXT_SIZES, usePreferences } from "../../app/preferences";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { RemoteForm } from "../../app/RemoteForm";
import { useQueryClient } from "@tanstack/react-query";
import { Card } from "../../parts/Card";
import { DataState, Failed } from "../../parts/DataState";
import { FieldError, Fields } from "../../parts/fields";
import { Page, Stack } from "../../parts/Page";
import { About } from "./About";
import { CustodianCard } from "./CustodianCard";
import { LinkHostCard } from "./LinkHostCard";
import { RetentionCard } from "./RetentionCard";
import { ProvidersCard } from "./ProvidersCard";
import { SendingCard } from "./SendingCard";
import css from "./Settings.module.css";

/** Language, look, safety, the remote, and what this program is. A change acts and is kept at once. */
export function SettingsRoom() {
  const settings = useAsk("settings.get", {});
  return (
    <Page narrow title={<Trans>Settings</Trans>} note={<Trans>Kept in your record on this device. A change acts at once.</Trans>}>
      <DataState query={settings} rows={6}>
        {(view) => <Cards settings={view} />}
      </DataState>
    </Page>
  );
}

/** A shared computer waits for nobody longer than this; the program holds to the same figure. */
const SHARED_MINUTES = 5;

/** Digits with an optional plus in front, 2 to 15 characters: what a telephone can dial (E.164 for the length). */
export function isDialable(text: string): boolean {
  return /^\+?\d{2,14}$/.test(text.trim());
}

function Cards({ settings }: { settings: SettingsView }) {
  const queries = useQueryClient();
  const save = useTell("settings.set");
  const change = (part: Partial<SettingsView>) =>
    save.mutate({ ...settings, ...part }, { onSuccess: (kept) => queries.setQueryData(keyOf("settings.get", {}), kept) });
  return (
    <Stack>
      {save.error ? <Failed problem={save.error} /> : null}
      <Look settings={settings} onChange={change} />
      <Safety settings={settings} onChange={change} />
      <RemoteCard />
      <LinkHostCard />
      <SendingCard />
      <RetentionCard />
      <CustodianCard />
      <ProvidersCard />
      <About />
    </Stack>
  );
}

interface PartProps {
  settings: SettingsView;
  onChange: (part: Partial<SettingsView>) => void;
}

function Look({ settings, onChange }: PartProps) {
  const { t } = useLingui();
  const { motion } = usePreferences();
  return (
    <Card title={<Trans>Language and look</Trans>}>
      <Fields>
        <Line label={t`Language`}>
          <SegmentedControl
            aria-label={t`Language`}
            value={settings.language}
            onChange={(language) => onChange({ language })}
            data={[
              { value: "en", label: "English" },
              { value: "fr", label: "Français" },
            ]}
          />
        </Line>
        <Line label={t`Colours`}>
          <SegmentedControl
            aria-label={t`Colours`}
            value={settings.theme}
            onChange={(theme) => onChange({ theme })}
            data={[
              { value: "light", label: t`Light` },
              { value: "dark", label: t`Dark` },
              { value: "system", label: t`As the computer` },
            ]}
          />
        </Line>
        <Line label={t`Text size`}>
          <SegmentedControl aria-label={t`Text size`} value={String(settings.text_size)} onChange={(size) => onChange({ text_size: Number(size) })} data={TEXT_SIZES.map((size) => ({ value: String(size), label: `${size} %` }))} />
        </Line>
        <Switch checked={motion === "none"} onChange={(event) => setPreferences({ motion: event.currentTarget.checked ? "none" : "system" })} label={t`Reduce motion`} description={t`On this computer. The computer's own setting is followed too.`} />
        <Switch checked={settings.single_keys} onChange={(event) => onChange({ single_keys: event.currentTarget.checked })} label={t`Single-letter keys`} description={t`Such as N for a new note, when no field has the focus. Press ? to see all.`} />
      </Fields>
    </Card>
  );
}

function Line({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className={css.line}>
      <span className="dense">{label}</span>
      {children}
    </div>
  );
}

function Safety({ settings, onChange }: PartProps) {
  const { t } = useLingui();
  const [number, setNumber] = useState(settings.emergency_number);
  useEffect(() => setNumber(settings.emergency_number), [settings.emergency_number]);
  const minutes = settings.shared ? [1, 2, SHARED_MINUTES] : [5, 10, 15, 30, 60];
  const share = (shared: boolean) => onChange({ shared, lock_minutes: shared ? Math.min(settings.lock_minutes, SHARED_MINUTES) : settings.lock_minutes });
  const offered = [...new Set([...minutes, settings.lock_minutes])].sort((a, b) => a - b);
  const keep = () => {
    const given = number.trim();
    if (isDialable(given) && given !== settings.emergency_number) onChange({ emergency_number: given });
  };
  return (
    <Card title={<Trans>Safety</Trans>}>
      <Fields>
        <TextInput
          label={t`Emergency number`}
          description={t`Shown with every stroke check. 112 in the European Union and on most mobile phones, 999 in the United Kingdom, 911 in North America.`}
          value={number}
          maxLength={15}
          inputMode="tel"
          onChange={(event) => setNumber(event.currentTarget.value)}
          onBlur={keep}
          error={isDialable(number) ? undefined : <FieldError>{t`Only digits, with a plus in front if need be.`}</FieldError>}
        />
        <Select label={t`Lock when nobody touches the computer`} data={offered.map((value) => ({ value: String(value), label: plural(value, { one: "after # minute", other: "after # minutes" }) }))} value={String(settings.lock_minutes)} onChange={(value) => value && onChange({ lock_minutes: Number(value) })} />
        <Switch
          checked={settings.shared}
          onChange={(event) => share(event.currentTarget.checked)}
          label={t`Several people use this computer`}
          description={t`It then locks after five minutes at most, has no PIN, and asks for the code of your second factor at unlock where one is set up. The code stops somebody who watched your passphrase, not one who copied the disk.`}
        />
      </Fields>
    </Card>
  );
}

function RemoteCard() {
  const sync = useAsk("sync.state", {});
  return (
    <Card title={<Trans>Remote</Trans>} note={sync.data?.remote ?? undefined}>
      <DataState query={sync} rows={2}>
        {(state) => <RemoteForm key={state.remote ?? ""} current={null} onDone={() => undefined} />}
      </DataState>
    </Card>
  );
}
