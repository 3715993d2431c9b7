import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, TextInput } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useState, type ComponentProps, type ComponentType, type FormEvent, type ReactNode } from "react";
import type { MeView } from "../bindings/MeView";
import type { PapersView } from "../bindings/PapersView";
import { Outside } from "./Outside";
import { PrintSheet } from "./PrintSheet";
import { Banner } from "../parts/Banner";
import { CheckCode } from "../parts/CheckCode";
import { CopyText } from "../parts/CopyText";
import { FieldError, Fields, FormButtons } from "../parts/fields";
import { QrView } from "../parts/QrView";
import { day } from "../words/dates";
import css from "./Papers.module.css";

/** Which groups of the kit are asked back: one from each half, so that a glance at the beginning is not enough. */
export function askedGroups(count: number): [number, number] {
  return [Math.floor(count / 4), Math.floor((count * 2) / 3)];
}

/** True when what was typed is the group, whatever its case, spaces and look-alikes of zero and one. */
export function sameGroup(typed: string, group: string): boolean {
  const plain = (text: string) => text.replace(/[\s-]/g, "").toUpperCase().replaceAll("0", "O").replaceAll("1", "I");
  return plain(typed) === plain(group);
}

interface Props {
  papers: PapersView;
  me: MeView;
  onDone: () => void;
  /** What stands around the pages; the frame outside an open vault unless another is given. */
  frame?: Frame;
  /** The verb on the last button. */
  done?: ReactNode;
}

type Frame = ComponentType<Pick<ComponentProps<typeof Outside>, "title" | "note" | "wide" | "children">>;

/** The recovery kit: shown once, printed, and asked back before it is gone. */
export function Papers({ papers, me, onDone, frame = Outside, done = <Trans>Open my records</Trans> }: Props) {
  const [asking, setAsking] = useState(false);
  if (asking) return <AskBack groups={papers.kit_groups} frame={frame} done={done} onBack={() => setAsking(false)} onDone={onDone} />;
  return <Show papers={papers} me={me} frame={frame} onNext={() => setAsking(true)} />;
}

function Show({ papers, me, frame: Frame, onNext }: { papers: PapersView; me: MeView; frame: Frame; onNext: () => void }) {
  const { t } = useLingui();
  const [kept, setKept] = useState(false);
  return (
    <Frame wide title={<Trans>Your recovery kit</Trans>} note={<Trans>If you forget the passphrase or lose this computer, this sheet is the only way back. It is shown once and is not stored anywhere.</Trans>}>
      <Fields>
        <Banner tone="warn" title={<Trans>It works like a house key.</Trans>}>
          <Trans>Whoever holds it can open your records. Print it or write it down, and keep it where you keep your passport.</Trans>
        </Banner>
        <KitBody papers={papers} />
        {papers.root_kit ? (
          <div>
            <h2>
              <Trans>Key of the clinic</Trans>
            </h2>
            <p className="secondary">
              <Trans>It is needed only after a loss: to make or replace a head administrator, to certify your own new keys, and to bring back who allowed that. Keep it apart from your own kit.</Trans>
            </p>
            {papers.root_kit_qr ? <QrView svg={papers.root_kit_qr} label={t`The key of the clinic as a QR code`} size={9} /> : null}
            <CopyText text={papers.root_kit} label={t`Key of the clinic`} />
          </div>
        ) : null}
        <div>
          <Button variant="default" leftSection={<IconPrinter size="1rem" aria-hidden />} onClick={() => window.print()}>
            <Trans>Print</Trans>
          </Button>
          <p className="secondary">
            <Trans>Print on paper. A PDF on this computer would lie beside the lock it opens.</Trans>
          </p>
        </div>
        <Checkbox checked={kept} onChange={(event) => setKept(event.currentTarget.checked)} label={t`I have printed it or written it down`} />
        <FormButtons>
          <Button disabled={!kept} onClick={onNext}>
            <Trans>Go on</Trans>
          </Button>
        </FormButtons>
      </Fields>
      <Sheet papers={papers} me={me} />
    </Frame>
  );
}

function KitBody({ papers }: { papers: PapersView }) {
  const { t } = useLingui();
  return (
    <div className={css.kit}>
      <QrView svg={papers.kit_qr} label={t`The recovery kit as a QR code`} size={11} />
      <div className={css.words}>
        <ol className={`${css.groups} mono`} aria-label={t`The recovery kit in groups of four`}>
          {papers.kit_groups.map((group, at) => (
            <li key={at}>
              <span className={css.number}>{at + 1}</span>
              {group}
            </li>
          ))}
        </ol>
        <p className="secondary">
          <Trans>Fingerprint of the record</Trans>
        </p>
        <CheckCode code={papers.fingerprint} label={t`Fingerprint of the record`} />
      </div>
    </div>
  );
}

function Sheet({ papers, me }: { papers: PapersView; me: MeView }) {
  const { t } = useLingui();
  return (
    <PrintSheet title={<Trans>Aidpost recovery kit</Trans>} me={me}>
      <p>
        <Trans>This sheet opens the record without its passphrase. In Aidpost choose “I forgot the passphrase”, or “Come back with my kit” on a new computer. Whoever holds it can open the record: keep it where you keep your passport.</Trans>
      </p>
      <KitBody papers={papers} />
      <KeptAt />
      {papers.root_kit ? (
        <section data-print-page>
          <h1>
            <Trans>Key of the clinic</Trans>
          </h1>
          <p>
            {me.realm_name} · {day(new Date())}
          </p>
          <p>
            <Trans>It makes and removes head administrators, certifies new keys, and brings back who allowed that. Aidpost asks for it when it is needed. Keep it apart from the recovery kit of any person.</Trans>
          </p>
          {papers.root_kit_qr ? <QrView svg={papers.root_kit_qr} label={t`The key of the clinic as a QR code`} size={11} /> : null}
          <p className="mono" style={{ overflowWrap: "anywhere" }}>
            {papers.root_kit}
          </p>
          <KeptAt />
        </section>
      ) : null}
    </PrintSheet>
  );
}

function KeptAt() {
  return (
    <p>
      <Trans>Kept at: ______________________________________________</Trans>
    </p>
  );
}

function AskBack({ groups, frame: Frame, done, onBack, onDone }: { groups: string[]; frame: Frame; done: ReactNode; onBack: () => void; onDone: () => void }) {
  const { t } = useLingui();
  const asked = askedGroups(groups.length);
  const [typed, setTyped] = useState<[string, string]>(["", ""]);
  const [tried, setTried] = useState(false);
  const right = asked.map((index, at) => sameGroup(typed[at] ?? "", groups[index] ?? ""));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (right.every(Boolean)) onDone();
  };
  const field = (at: 0 | 1) => {
    const number = asked[at] + 1;
    return (
      <TextInput
        label={t`Group ${number}`}
        value={typed[at]}
        autoComplete="off"
        autoFocus={at === 0}
        onChange={(event) => {
          const next: [string, string] = [...typed];
          next[at] = event.currentTarget.value;
          setTyped(next);
        }}
        error={tried && !right[at] ? <FieldError>{t`This is not what the kit says in group ${number}. Look at the sheet again.`}</FieldError> : undefined}
      />
    );
  };
  return (
    <Frame title={<Trans>Is the kit at hand?</Trans>} note={<Trans>Type two groups from your sheet. After this the kit cannot be shown again.</Trans>}>
      <form onSubmit={submit} noValidate>
        <Fields>
          {field(0)}
          {field(1)}
          <FormButtons>
            <Button variant="default" onClick={onBack}>
              <Trans>Show the kit again</Trans>
            </Button>
            <Button type="submit">
              {done}
            </Button>
          </FormButtons>
        </Fields>
      </form>
    </Frame>
  );
}
