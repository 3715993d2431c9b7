import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button, NumberInput, Select } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { BackupDone } from "../../bindings/BackupDone";
import type { BackupPlan } from "../../bindings/BackupPlan";
import type { BackupRhythm } from "../../bindings/BackupRhythm";
import type { BackupsView } from "../../bindings/BackupsView";
import { FolderField } from "../../app/FolderField";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { say } from "../../app/say";
import { useProgress } from "../../app/useProgress";
import { Problem } from "../../host/problem";
import { Banner } from "../../parts/Banner";
import { Card } from "../../parts/Card";
import { DataState, Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { Fields, FormButtons } from "../../parts/fields";
import { formatBytes } from "../../parts/NumberText";
import { ProgressBar } from "../../parts/ProgressBar";
import css from "./Sync.module.css";

/** A backup that runs by itself is seen within this many milliseconds. */
const LOOK_EVERY = 15_000;

/** Copies on another disk: when one was last opened and counted, where they lie, and how often they are made. */
export function Backups() {
  const view = useAsk("backups.view", {}, { every: LOOK_EVERY });
  return (
    <Card title={<Trans>Backups</Trans>}>
      <DataState query={view} rows={4}>
        {(state) => (
          <div className={css.state}>
            <Last state={state} />
            <Make state={state} />
            <Plan key={JSON.stringify(state.plan)} state={state} />
          </div>
        )}
      </DataState>
    </Card>
  );
}

function Last({ state }: { state: BackupsView }) {
  const { t } = useLingui();
  return (
    <>
      {state.last ? (
        <Verified last={state.last} />
      ) : (
        <Banner tone="info" title={t`No backup was made on this computer yet.`}>
          <Trans>What is synced is also in the database. A backup on a disk that you unplug helps where that is lost too, and a record that is not synced is nowhere else.</Trans>
        </Banner>
      )}
      {state.trouble ? (
        <div>
          <p className="secondary">
            <Trans>
              The last attempt, <DateText at={state.trouble.at} inline />, made none:
            </Trans>
          </p>
          <Failed problem={new Problem({ code: state.trouble.code, detail: null, retry: false })} />
        </div>
      ) : null}
    </>
  );
}

function Verified({ last }: { last: BackupDone }) {
  return (
    <div>
      <p>
        <Trans>
          Last verified restore: <DateText at={last.verified_at} inline />
        </Trans>
      </p>
      <p className="secondary">
        <Trans>
          It was opened in a scratch place, every row was looked at, and counted: <Plural value={last.documents} one="# document" other="# documents" />, <Plural value={last.files} one="# file" other="# files" />, {formatBytes(last.bytes)}.
        </Trans>
      </p>
      <p className="secondary mono" style={{ overflowWrap: "anywhere" }}>
        {last.folder}
      </p>
    </div>
  );
}

function Make({ state }: { state: BackupsView }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const make = useTell("backups.make");
  const stop = useTell("backups.stop");
  const running = make.isPending || state.running;
  const progress = useProgress("backup", running);
  const begin = () =>
    make.mutate({ folder: null }, {
      onSuccess: (view) => {
        queries.setQueryData(keyOf("backups.view", {}), view);
        say(t`The backup was made, opened and counted.`);
      },
      onError: () => void queries.invalidateQueries({ queryKey: keyOf("backups.view", {}) }),
    });
  // What went wrong is told by the view as well, and there also after a restart.
  return (
    <>
      {running ? <ProgressBar percent label={t`Making the backup and looking through it`} done={progress?.done ?? null} total={progress?.total ?? 0} /> : null}
      <FormButtons>
        {running ? (
          <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate({})}>
            <Trans>Stop</Trans>
          </Button>
        ) : (
          <Button disabled={!state.plan.folder} onClick={begin}>
            <Trans>Back up now</Trans>
          </Button>
        )}
      </FormButtons>
    </>
  );
}

function Plan({ state }: { state: BackupsView }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const set = useTell("backups.set");
  const [plan, setPlan] = useState<BackupPlan>(state.plan);
  const change = (part: Partial<BackupPlan>) => setPlan({ ...plan, ...part });
  const rhythms: { value: BackupRhythm; label: string }[] = [
    { value: "by_hand", label: t`Only by hand` },
    { value: "daily", label: t`Every day` },
    { value: "weekly", label: t`Every week` },
  ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate(plan, { onSuccess: (view) => queries.setQueryData(keyOf("backups.view", {}), view) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Fields>
        <FolderField
          description={<Trans>The whole path, best on a disk that you unplug. What lies there is encrypted; it opens with your passphrase on this computer, or with your recovery kit anywhere.</Trans>}
          value={plan.folder ?? ""}
          onChange={(folder) => change({ folder: folder || null })}
        />
        {state.places.length > 0 ? <Places places={state.places} onChoose={(folder) => change({ folder })} /> : null}
        <Select label={t`How often`} description={t`By itself while this record is open.`} data={rhythms} allowDeselect={false} value={plan.rhythm} onChange={(rhythm) => change({ rhythm: (rhythm ?? "by_hand") as BackupRhythm })} />
        <NumberInput label={t`How many stay`} description={t`Older ones are removed after a new one was found good.`} min={1} max={60} allowDecimal={false} allowNegative={false} value={plan.keep} onChange={(keep) => change({ keep: typeof keep === "number" ? keep : 7 })} />
        {set.error ? <Failed problem={set.error} /> : null}
        <FormButtons>
          <Button type="submit" variant="default" loading={set.isPending} disabled={JSON.stringify(plan) === JSON.stringify(state.plan)}>
            <Trans>Save</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </form>
  );
}

function Places({ places, onChoose }: { places: string[]; onChoose: (place: string) => void }) {
  return (
    <div>
      <p className="secondary">
        <Trans>Disks that are plugged in:</Trans>
      </p>
      {places.map((place) => (
        <Button key={place} variant="subtle" size="compact-sm" onClick={() => onChoose(place)}>
          {place}
        </Button>
      ))}
    </div>
  );
}
