import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconDownload, IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import type { AccessProof } from "../../bindings/AccessProof";
import { useTell } from "../../app/queries";
import { STEP_UP_CANCELLED, useProving } from "../../app/step-up";
import { useHost } from "../../host/HostContext";
import { asProblem, type Problem } from "../../host/problem";
import { Banner } from "../../parts/Banner";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { saveBytes } from "../../parts/save-file";
import { faultWord } from "./share-words";
import css from "./Shares.module.css";

/** Checks the list of who looked here, and saves it for others to check. */
export function ProofActions({ patient }: { patient: string }) {
  const host = useHost();
  const proving = useProving();
  const verify = useTell("access.verify");
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      saveBytes(await proving(() => host.bytes("access.export", { patient })), "aidpost-access-log.json", "application/json");
    } catch (thrown) {
      const said = asProblem(thrown);
      if (said.code !== STEP_UP_CANCELLED) setProblem(said);
    }
    setBusy(false);
  };
  return (
    <div className={css.proof}>
      <div className={css.buttons}>
        <Button variant="default" size="compact-md" loading={verify.isPending} leftSection={<IconShieldCheck size="1rem" aria-hidden />} onClick={() => verify.mutate({ patient })}>
          <Trans>Check this list</Trans>
        </Button>
        <Button variant="default" size="compact-md" loading={busy} leftSection={<IconDownload size="1rem" aria-hidden />} onClick={() => void save()}>
          <Trans>Save it with its proof</Trans>
        </Button>
      </div>
      {verify.error ? <Failed problem={verify.error} /> : null}
      {problem ? <Failed problem={problem} /> : null}
      {verify.data ? <Outcome proof={verify.data} /> : null}
    </div>
  );
}

function Outcome({ proof }: { proof: AccessProof }) {
  const { i18n } = useLingui();
  const holds = proof.broken.length === 0 && proof.journal_broken.length === 0;
  return (
    <>
      <Banner tone={holds ? "ok" : "crit"} title={holds ? <Trans>The list holds.</Trans> : <Trans>Something in this list does not hold.</Trans>}>
        <Trans>
          {proof.hold} of {proof.entries} entries show what their authors signed. {proof.journal_entries} entries of the devices' journals were looked at, each linked to the one before.
        </Trans>{" "}
        {proof.unsent > 0 ? <Trans>Not sent to other devices yet, so that the signature alone stands for them: {proof.unsent}.</Trans> : null}
      </Banner>
      {holds ? null : (
        <ul>
          {proof.broken.map((one) => (
            <li key={one.id}>
              {one.at ? <DateText at={one.at} /> : null} {i18n._(faultWord(one.why))}
            </li>
          ))}
          {proof.journal_broken.map((one) => (
            <li key={`${one.device}-${one.n}`}>
              <Trans>
                Entry {one.n} in the journal of the device {one.device} does not follow the one before.
              </Trans>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
