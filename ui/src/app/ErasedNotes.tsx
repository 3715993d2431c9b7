import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import type { ErasureView } from "../bindings/ErasureView";
import { Banner } from "../parts/Banner";
import { CopyText } from "../parts/CopyText";
import { Failed } from "../parts/DataState";
import { Fields } from "../parts/fields";
import { keyOf, useTell } from "./queries";

/** Records that cleared themselves on this computer, each with its certificate to save. */
export function ErasedNotes({ erased }: { erased: readonly ErasureView[] }) {
  return (
    <>
      {erased.map((one) => (
        <ErasedNote key={one.id} one={one} />
      ))}
    </>
  );
}

function ErasedNote({ one }: { one: ErasureView }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const putAway = useTell("session.put_away_certificate");
  const done = () => void queries.refetchQueries({ queryKey: keyOf("session.state", {}) });
  return (
    <Fields>
      <Banner tone="info" title={t`A record on this computer has come to its end, as its person asked.`}>
        <Trans>This is the signed certificate of what was destroyed and what is kept. Save it before you put it away.</Trans>
      </Banner>
      <CopyText text={one.text} label={t`Certificate of erasure`} fileName="aidpost-erasure.json" />
      <div>
        <Button variant="default" size="compact-md" loading={putAway.isPending} onClick={() => putAway.mutate({ name: one.id }, { onSuccess: done })}>
          <Trans>Put away</Trans>
        </Button>
      </div>
      {putAway.error ? <Failed problem={putAway.error} /> : null}
    </Fields>
  );
}
