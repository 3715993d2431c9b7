import { Trans, useLingui } from "@lingui/react/macro";
import { Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import { PictureTextButton } from "../../app/PictureTextButton";
import { useAsk } from "../../app/queries";
import type { Problem } from "../../host/problem";
import { CheckCode } from "../../parts/CheckCode";
import { Failed } from "../../parts/DataState";

/** How the code of a receiver begins. */
const BEGINS = "TAKE1:";

/** The receiver's code, from a picture or pasted, with what is to be compared with the other screen. */
export function ReceiverField({ onReceiver }: { onReceiver: (code: string | null) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<Problem | null>(null);
  const seen = useAsk("transfer.read_receiver", { text: text.trim() }, { enabled: text.trim() !== "", forget: true });
  const code = text.trim() === "" ? null : (seen.data?.code ?? null);
  useEffect(() => onReceiver(code), [code, onReceiver]);
  return (
    <div>
      <Textarea
        label={t`Code of the receiver`}
        description={t`A picture of the code on the other screen, or its text.`}
        placeholder={`${BEGINS}…`}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        classNames={{ input: "mono" }}
        minRows={2}
        maxRows={3}
        data-autofocus
      />
      <PictureTextButton begins={BEGINS} onText={setText} onProblem={setProblem} />
      {problem ? <Failed problem={problem} /> : null}
      {seen.error && text.trim() !== "" ? <Failed problem={seen.error} /> : null}
      {code && seen.data ? (
        <div role="status">
          <p className="secondary">
            <Trans>The same characters must stand on the other screen:</Trans>
          </p>
          <CheckCode code={seen.data.comparison} label={t`Characters to compare`} />
        </div>
      ) : null}
    </div>
  );
}
