import { useLingui } from "@lingui/react/macro";
import { Switch } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { keyOf, useAsk, useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";

/** Whether all files of a chart are fetched ahead of time, for work without a network. Not asked where they always are, or come from nowhere. */
export function PinSwitch({ patient }: { patient: string }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const banner = useAsk("patients.banner", { patient });
  const sync = useAsk("sync.state", {});
  const pin = useTell("patients.pin");
  const pinned = banner.data?.pinned ?? null;
  if (pinned === null || !sync.data || sync.data.phase === "no_remote") return null;
  const keep = (checked: boolean) => pin.mutate({ patient, pinned: checked }, { onSuccess: (view) => queries.setQueryData(keyOf("patients.banner", { patient }), view) });
  return (
    <>
      <Switch size="sm" me="sm" checked={pinned} disabled={pin.isPending} onChange={(event) => keep(event.currentTarget.checked)} label={t`Keep all files here`} title={t`Fetches large files of this chart ahead of time, for work without a network.`} />
      {pin.error ? <Failed problem={pin.error} /> : null}
    </>
  );
}
