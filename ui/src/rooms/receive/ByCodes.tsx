import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { useEffect, useState, type FormEvent } from "react";
import type { IntakeView } from "../../bindings/IntakeView";
import type { ReceiverView } from "../../bindings/ReceiverView";
import type { TakenView } from "../../bindings/TakenView";
import { useHost } from "../../host/HostContext";
import { asProblem, type Problem } from "../../host/problem";
import { Card } from "../../parts/Card";
import { CheckCode } from "../../parts/CheckCode";
import { Failed, Waiting } from "../../parts/DataState";
import { DropZone, type PickedFile } from "../../parts/DropZone";
import { FormButtons } from "../../parts/fields";
import { Columns } from "../../parts/Page";
import { ProgressBar } from "../../parts/ProgressBar";
import { QrPicture } from "../../parts/QrView";
import css from "./Receive.module.css";

interface Props {
  onBack: () => void;
  onIntake: (intake: IntakeView) => void;
}

/** A key for this once as a code, then the sender's codes: from pictures, or as text. What arrives is looked at like any share. */
export function ByCodes({ onBack, onIntake }: Props) {
  const { receiver, problem } = useReceiver();
  const { t } = useLingui();
  if (problem) return <Failed problem={problem} />;
  if (!receiver) return <Waiting rows={4} />;
  return (
    <Columns>
      <Card title={<Trans>1. Show this code to the sender</Trans>}>
        <div className={css.narrow}>
          <QrPicture png={receiver.picture} label={t`Code for the sender's camera`} size={30} />
          <p className="secondary">
            <Trans>It holds a key made for this once, and nothing about you or the chart. On the sender's screen the same eight characters must stand:</Trans>
          </p>
          <CheckCode code={receiver.comparison} label={t`Characters to compare`} />
        </div>
      </Card>
      <Card title={<Trans>2. Bring in the sender's codes</Trans>}>
        <Frames ticket={receiver.ticket} onIntake={onIntake} />
        <FormButtons>
          <Button variant="default" mt="sm" onClick={onBack}>
            <Trans>Back</Trans>
          </Button>
        </FormButtons>
      </Card>
    </Columns>
  );
}

/** A receiver for as long as this screen is shown: its key goes with it. */
function useReceiver() {
  const host = useHost();
  const { t } = useLingui();
  const source = t`received by codes from screen to camera`;
  const [receiver, setReceiver] = useState<ReceiverView | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let gone = false;
    // Nobody is left to hear whether the program could forget it; a new one takes its place at the latest.
    const forget = (one: ReceiverView) => void host.ask("transfer.forget", { id: one.ticket }).catch(() => undefined);
    const made = host.ask("transfer.receive", { source });
    made.then(
      (one) => (gone ? forget(one) : setReceiver(one)),
      (thrown: unknown) => gone || setProblem(asProblem(thrown)),
    );
    return () => {
      gone = true;
      void made.then(forget, () => undefined);
    };
  }, [host, source]);
  return { receiver, problem };
}

function Frames({ ticket, onIntake }: { ticket: string; onIntake: (intake: IntakeView) => void }) {
  const { t } = useLingui();
  const host = useHost();
  const [text, setText] = useState("");
  const [percent, setPercent] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);

  /** One after the other; those that hold nothing are told of at the end, and the rest still counts. */
  const takeAll = async (steps: (() => Promise<TakenView>)[]) => {
    setBusy(true);
    setProblem(null);
    for (const step of steps) {
      try {
        const taken = await step();
        setPercent(taken.percent);
        if (taken.intake) return onIntake(taken.intake);
      } catch (thrown) {
        setProblem(asProblem(thrown));
      }
    }
    setBusy(false);
  };
  const pictures = (files: PickedFile[]) => takeAll(files.map((file) => () => host.askBytes("transfer.take_picture", { id: ticket }, file.bytes)));
  const paste = (event: FormEvent) => {
    event.preventDefault();
    const frames = text.split(/\s+/).filter(Boolean);
    if (frames.length === 0) return;
    setText("");
    void takeAll([() => host.ask("transfer.take", { ticket, frames })]);
  };
  return (
    <div className={css.narrow}>
      <DropZone accept="image/png,image/jpeg" multiple busy={busy} onFiles={(files) => void pictures(files)}>
        <p>
          <Trans>Pictures of the sender's codes, as many as you like at once, in any order.</Trans>
        </p>
      </DropZone>
      <form onSubmit={paste}>
        <Textarea
          label={t`Or the codes as text`}
          description={t`Each begins with UR:BYTES/ and stands on a line of its own.`}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          classNames={{ input: "mono" }}
          autosize
          minRows={2}
          maxRows={6}
        />
        <FormButtons>
          <Button type="submit" mt="sm" variant="default" disabled={busy || !text.trim()}>
            <Trans>Take them</Trans>
          </Button>
        </FormButtons>
      </form>
      {percent === null ? null : <ProgressBar label={t`Arrived`} done={percent} total={100} percent />}
      {problem ? <Failed problem={problem} /> : null}
    </div>
  );
}
