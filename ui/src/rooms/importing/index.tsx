import { Trans, useLingui } from "@lingui/react/macro";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { IntakeDone } from "../../bindings/IntakeDone";
import type { IntakeView } from "../../bindings/IntakeView";
import { Filed, Intake } from "../../app/intake";
import { useTellBytes } from "../../app/queries";
import type { ForPatientSearch } from "../../app/router";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { DropZone, type PickedFile } from "../../parts/DropZone";
import { FieldError } from "../../parts/fields";
import { Page, Stack } from "../../parts/Page";
import { ProgressBar } from "../../parts/ProgressBar";

const ACCEPT = ".json,.gz,application/json,application/fhir+json,application/gzip";

/** Files from elsewhere: first what would change, then, if wanted, the change. */
export function ImportRoom() {
  const { patient } = useSearch({ strict: false }) as ForPatientSearch;
  const [intake, setIntake] = useState<IntakeView | null>(null);
  const [done, setDone] = useState<IntakeDone | null>(null);
  const again = () => {
    setIntake(null);
    setDone(null);
  };
  return (
    <Page title={<Trans>Import files</Trans>} note={<Trans>You see what would change before anything changes.</Trans>}>
      {done ? (
        <Filed done={done} onAgain={again} />
      ) : intake ? (
        <Intake key={intake.ticket} intake={intake} patient={patient} onDone={setDone} onDiscarded={again} />
      ) : (
        <Pick patient={patient} onRead={setIntake} />
      )}
    </Page>
  );
}

function Pick({ patient, onRead }: { patient?: string; onRead: (intake: IntakeView) => void }) {
  const { t } = useLingui();
  const read = useTellBytes("intake.read");
  const [large, setLarge] = useState<string[]>([]);
  const take = (file: PickedFile | undefined) => {
    setLarge([]);
    if (file) read.mutate({ meta: { file_name: file.name, patient: patient ?? null }, bytes: file.bytes }, { onSuccess: onRead });
  };
  return (
    <Stack>
      <Card>
        <DropZone accept={ACCEPT} busy={read.isPending} onFiles={(files) => take(files[0])} onTooLarge={setLarge}>
          <p>
            <Trans>Drop a file here: FHIR R4 in JSON, also compressed (.gz). An export of another program, a hospital or a national record.</Trans>
          </p>
          <p className="secondary">
            <Trans>It is read on this computer. Nothing is stored until you say so.</Trans>
          </p>
        </DropZone>
        {large.length > 0 ? <FieldError>{t`${large.join(", ")} is larger than 100 MB. Ask for a shorter period, or for several files.`}</FieldError> : null}
        {read.isPending ? <ProgressBar label={t`Reading the file`} done={null} total={0} /> : null}
        {read.error ? <Failed problem={read.error} /> : null}
      </Card>
    </Stack>
  );
}
