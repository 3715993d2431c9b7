import { useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { BannerView } from "../../bindings/BannerView";
import type { NoteRow } from "../../bindings/NoteRow";
import { useShortcuts } from "../../app/keys";
import { neighbour } from "../../app/patient-list";
import { useMe } from "../../app/session";
import type { PickedFile } from "../../parts/DropZone";
import { Tabs, type Tab } from "../../parts/Tabs";
import { ChecksRoom, NewCheckDialog } from "../checks";
import { MedicationsRoom } from "../medications";
import { NoteEditor, NotesRoom } from "../notes";
import { AddRecordDialog, RecordsRoom } from "../records";
import { MakeShareDialog, SendByCodesDialog, ShareDialog, SharesRoom } from "../shares";
import { MeasureDialog, VitalsRoom } from "../vitals";
import css from "./Chart.module.css";
import { ConflictBar } from "./ConflictBar";
import { NewerBar } from "./NewerBar";
import { TABS, type ChartDialog, type ChartTab } from "./dialogs";
import { AllergiesDialog } from "./EditAllergies";
import { ConditionsDialog } from "./EditConditions";
import { ContactsDialog } from "./EditContacts";
import { FrontPageDialog } from "./EditFront";
import { Identity } from "./Identity";
import { Summary } from "./Summary";

interface Props {
  banner: BannerView;
  tab: ChartTab;
}

/** The chart's frame: identity above, tabs, the panel, and the place for writing beside it. */
export function ChartFrame({ banner, tab }: Props) {
  const state = useChartState(banner, tab);
  useChartKeys(banner, state);
  const { t } = useLingui();
  return (
    <div className={css.chart}>
      <Identity banner={banner} onOpen={state.open} />
      <div className={css.below}>
        <div className={css.tabs}>
          <Tabs tabs={useTabs(banner)} active={tab} onChange={(id) => state.goTo(id as ChartTab)} label={t`Chart`}>
            <div className={`${css.panel} ${tab === "records" ? css.filled : ""}`}>
              <NewerBar banner={banner} />
              {banner.counts.conflicts > 0 ? <ConflictBar patient={banner.id} /> : null}
              <Panel banner={banner} tab={tab} state={state} />
            </div>
          </Tabs>
        </div>
        {state.dialog === "note" ? <NoteWorkspace banner={banner} state={state} /> : null}
      </div>
      <ChartDialogs banner={banner} state={state} />
    </div>
  );
}

type ChartState = ReturnType<typeof useChartState>;

function useChartState(banner: BannerView, tab: ChartTab) {
  const go = useNavigate();
  const [dialog, setDialog] = useState<ChartDialog | null>(null);
  const [amends, setAmends] = useState<NoteRow | null>(null);
  const [files, setFiles] = useState<readonly PickedFile[]>([]);
  const [shared, setShared] = useState<string | null>(null);
  const [share, setShare] = useState<string | null>(null);
  const [record, setRecord] = useState<string | null>(null);
  const [check, setCheck] = useState<string | null>(null);
  const goTo = (next: ChartTab) => void go({ to: "/patients/$patient/$tab", params: { patient: banner.id, tab: next } });
  return {
    tab,
    dialog,
    amends,
    files,
    /** The record a share begins with. */
    shared,
    share,
    record,
    check,
    setShare,
    setRecord,
    setCheck,
    goTo,
    close: () => setDialog(null),
    open: (next: ChartDialog) => {
      if (next === "record") setFiles([]);
      if (next === "share") setShared(null);
      // A note that is being written is not replaced by another.
      if (next === "note" && dialog !== "note") setAmends(null);
      setDialog(next);
    },
    write: (row: NoteRow | null) => {
      setAmends(row);
      setDialog("note");
    },
    addFiles: (picked: readonly PickedFile[]) => {
      setFiles(picked);
      setDialog("record");
    },
    shareRecord: (id: string) => {
      setShared(id);
      setDialog("share");
    },
    openRecord: (id: string) => {
      setRecord(id);
      if (tab !== "records") goTo("records");
    },
    openCheck: (id: string) => {
      setCheck(id);
      if (tab !== "checks") goTo("checks");
    },
  };
}

function useTabs(banner: BannerView): Tab[] {
  const { t } = useLingui();
  const { counts } = banner;
  const words: Record<ChartTab, Omit<Tab, "id">> = {
    summary: { label: t`Summary` },
    records: { label: t`Records`, count: counts.records },
    vitals: { label: t`Vitals` },
    medications: { label: t`Medications`, count: counts.medications },
    checks: { label: t`Stroke checks`, count: counts.checks },
    notes: { label: t`Notes`, count: counts.notes },
    shares: { label: t`Shares & access`, count: counts.shares },
  };
  return TABS.map((id) => ({ id, ...words[id] }));
}

function useChartKeys(banner: BannerView, state: ChartState) {
  const { t } = useLingui();
  const me = useMe();
  const go = useNavigate();
  const group = t`Chart`;
  const tabs = useTabs(banner);
  const beside = (step: -1 | 1) => {
    const id = neighbour(banner.id, step);
    if (id) void go({ to: "/patients/$patient/$tab", params: { patient: id, tab: state.tab } });
  };
  useShortcuts([
    ...tabs.map((tab, at) => ({ keys: String(at + 1), label: String(tab.label), group, run: () => state.goTo(tab.id as ChartTab) })),
    ...(me.clinical ? [{ keys: "n", label: t`New note`, group, run: () => state.open("note") }] : []),
    { keys: "r", label: t`Add records`, group, run: () => state.open("record") },
    { keys: "s", label: t`Share records`, group, run: () => state.open("share") },
    { keys: "b", label: t`Start stroke check`, group, run: () => state.open("check") },
    { keys: "m", label: t`Measure`, group, run: () => state.open("measure") },
    { keys: "e", label: t`Edit the front page`, group, run: () => state.open("front") },
    { keys: "[", label: t`Previous patient of the list`, group, run: () => beside(-1) },
    { keys: "]", label: t`Next patient of the list`, group, run: () => beside(1) },
  ]);
}

function Panel({ banner, tab, state }: { banner: BannerView; tab: ChartTab; state: ChartState }) {
  const patient = banner.id;
  switch (tab) {
    case "summary":
      return <Summary banner={banner} onOpen={state.open} onTab={state.goTo} onRecord={state.openRecord} />;
    case "records":
      return (
        <div className={css.grow}>
          <RecordsRoom patient={patient} open={state.record} onOpen={state.setRecord} onAdd={state.addFiles} onShare={state.shareRecord} />
        </div>
      );
    case "vitals":
      return <VitalsRoom patient={patient} onMeasure={() => state.open("measure")} />;
    case "medications":
      return <MedicationsRoom patient={patient} />;
    case "checks":
      return <ChecksRoom patient={patient} open={state.check} onOpen={state.setCheck} onStart={() => state.open("check")} />;
    case "notes":
      return <NotesRoom patient={patient} onWrite={state.write} />;
    case "shares":
      return <SharesRoom patient={patient} onShare={() => state.open("share")} onSend={() => state.open("send")} onOpen={state.setShare} />;
  }
}

/** Writing beside the chart, which stays readable and usable. */
function NoteWorkspace({ banner, state }: { banner: BannerView; state: ChartState }) {
  const { t } = useLingui();
  const title = state.amends ? t`Amend a note` : t`New note`;
  return (
    <aside className={css.work} aria-label={title} data-region tabIndex={-1}>
      <header className={css.workHead}>
        <h2>
          {title} <span className="secondary" style={{ fontWeight: 400 }}>· {banner.name}</span>
        </h2>
        <ActionIcon aria-label={t`Close; the draft is kept`} onClick={state.close}>
          <IconX size="1.1rem" aria-hidden />
        </ActionIcon>
      </header>
      <div className={css.workBody}>
        <NoteEditor key={state.amends?.id ?? "new"} patient={banner.id} amends={state.amends} onDone={state.close} />
      </div>
    </aside>
  );
}

function ChartDialogs({ banner, state }: { banner: BannerView; state: ChartState }) {
  const { dialog, close } = state;
  const patient = banner.id;
  return (
    <>
      <FrontPageDialog opened={dialog === "front"} banner={banner} onClose={close} />
      <AllergiesDialog opened={dialog === "allergies"} banner={banner} onClose={close} />
      <ConditionsDialog opened={dialog === "conditions"} banner={banner} onClose={close} />
      <ContactsDialog opened={dialog === "contacts"} banner={banner} onClose={close} />
      <MeasureDialog opened={dialog === "measure"} patient={patient} onClose={close} />
      <AddRecordDialog opened={dialog === "record"} patient={patient} files={state.files} onClose={close} onFiled={state.openRecord} />
      <MakeShareDialog opened={dialog === "share"} patient={patient} record={state.shared} onClose={close} onMade={(made) => (close(), state.setShare(made.row.id))} />
      <SendByCodesDialog opened={dialog === "send"} patient={patient} onClose={close} />
      <ShareDialog id={state.share} onClose={() => state.setShare(null)} />
      <NewCheckDialog opened={dialog === "check"} patient={patient} name={banner.name} onClose={close} onKept={state.openCheck} />
    </>
  );
}
