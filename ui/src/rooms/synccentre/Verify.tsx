import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconCircleCheck, IconListCheck } from "@tabler/icons-react";
import type { VerifyView } from "../../bindings/VerifyView";
import { useTell } from "../../app/queries";
import { useProgress } from "../../app/useProgress";
import { Card } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { Failed } from "../../parts/DataState";
import { ProgressBar } from "../../parts/ProgressBar";
import { collectionWord } from "../../words/fields";
import css from "./Sync.module.css";

/** Compares both sides document by document, by hand. */
export function Verify() {
  const { t } = useLingui();
  const verify = useTell("sync.verify");
  const progress = useProgress("verify", verify.isPending);
  return (
    <Card
      title={<Trans>Compare both sides</Trans>}
      actions={
        <Button variant="default" size="xs" loading={verify.isPending} leftSection={<IconListCheck size="1rem" aria-hidden />} onClick={() => verify.mutate({})}>
          <Trans>Compare</Trans>
        </Button>
      }
    >
      <p className="secondary">
        <Trans>Every document of this device against the remote, by its version. It changes nothing.</Trans>
      </p>
      {verify.isPending ? <ProgressBar label={t`Comparing`} done={progress?.done ?? null} total={progress?.total ?? 0} /> : null}
      {verify.error ? <Failed problem={verify.error} onRetry={() => verify.mutate({})} /> : null}
      {verify.data ? <Report report={verify.data} /> : null}
    </Card>
  );
}

function Report({ report }: { report: VerifyView }) {
  const { t } = useLingui();
  const equal = report.rows.reduce((sum, row) => sum + row.equal, 0);
  const differing = report.rows.filter((row) => row.only_here + row.only_there + row.different > 0);
  return (
    <div role="status" className={css.report}>
      {report.same ? (
        <Chip tone="ok" icon={IconCircleCheck}>
          <Plural value={equal} one="# document, the same on both sides" other="# documents, the same on both sides" />
        </Chip>
      ) : (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t`What`}</th>
              <th scope="col" className="right">{t`Same`}</th>
              <th scope="col" className="right">{t`Only here`}</th>
              <th scope="col" className="right">{t`Only there`}</th>
              <th scope="col" className="right">{t`Other version`}</th>
            </tr>
          </thead>
          <tbody>
            {differing.map((row) => (
              <tr key={row.collection}>
                <td>{collectionWord(row.collection)}</td>
                <td className="right">{row.equal}</td>
                <td className="right">{row.only_here}</td>
                <td className="right">{row.only_there}</td>
                <td className="right">{row.different}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
