import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useState } from "react";
import type { ConflictView } from "../../bindings/ConflictView";
import { useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { fieldWord } from "../../words/fields";
import { ConflictDialog } from "./ConflictDialog";

/** The one alert bar of a chart: two versions of something differ, nothing is lost, a person decides. */
export function ConflictBar({ patient }: { patient: string }) {
  const { t } = useLingui();
  const conflicts = useAsk("sync.conflicts", {});
  const [comparing, setComparing] = useState<string | null>(null);
  const here = (conflicts.data ?? []).filter((one) => one.patient === patient);
  const [first] = here;
  if (!first) return null;
  const field = fieldWord(first.field);
  const who = (one: ConflictView) => [one.shown_by ?? t`a device`, one.displaced_by ?? t`another device`];
  const [one, other] = who(first);
  return (
    <>
      <Banner
        tone="warn"
        title={<Trans>Two versions of “{field}” differ.</Trans>}
        action={
          <Button variant="default" onClick={() => setComparing(first.id)}>
            <Trans>Compare and choose</Trans>
          </Button>
        }
      >
        <Trans>
          {one} and {other} both changed it since the last sync. Nothing was lost.
        </Trans>{" "}
        {here.length > 1 ? <Plural value={here.length - 1} one="# more waits after it." other="# more wait after it." /> : null}
      </Banner>
      <ConflictDialog conflict={here.find((conflict) => conflict.id === comparing) ?? null} onClose={() => setComparing(null)} />
    </>
  );
}
