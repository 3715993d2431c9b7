import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Group, Modal, Textarea } from "@mantine/core";
import { IconStar, IconStarFilled } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { BannerView } from "../../bindings/BannerView";
import { keyOf, useTell } from "../../app/queries";
import { useMe } from "../../app/session";
import { Failed } from "../../parts/DataState";
import { Fields } from "../../parts/fields";
import { calendarDay } from "../../words/dates";

/** Keeps a patient at hand, with remarks for oneself. For whoever treats people; nobody else sees it. */
export function SavedStar({ banner }: { banner: BannerView }) {
  const { t } = useLingui();
  const me = useMe();
  const [opened, setOpened] = useState(false);
  if (!me.clinical) return null;
  const word = banner.saved ? t`Saved patient: remarks` : t`Save this patient`;
  return (
    <>
      <ActionIcon aria-label={word} aria-pressed={banner.saved !== null} onClick={() => setOpened(true)}>
        {banner.saved ? <IconStarFilled size="1.05rem" aria-hidden /> : <IconStar size="1.05rem" aria-hidden />}
      </ActionIcon>
      <Modal opened={opened} onClose={() => setOpened(false)} title={word} closeButtonProps={{ "aria-label": t`Close` }}>
        {opened ? <Remarks banner={banner} onDone={() => setOpened(false)} /> : null}
      </Modal>
    </>
  );
}

function Remarks({ banner, onDone }: { banner: BannerView; onDone: () => void }) {
  const { t } = useLingui();
  const queries = useQueryClient();
  const save = useTell("patients.save");
  const [remarks, setRemarks] = useState(banner.saved?.remarks ?? "");
  const tell = (saved: boolean) =>
    save.mutate(
      { patient: banner.id, saved, remarks: saved ? remarks.trim() || null : null },
      {
        onSuccess: (view) => {
          queries.setQueryData(keyOf("patients.banner", { patient: banner.id }), view);
          onDone();
        },
      },
    );
  const seen = banner.saved?.last_seen;
  return (
    <Fields>
      <Textarea label={t`Remarks for yourself`} description={t`Not part of the chart. Nobody else sees them.`} autosize minRows={2} maxRows={8} maxLength={10_000} value={remarks} onChange={(event) => setRemarks(event.currentTarget.value)} data-autofocus />
      {banner.saved ? <p className="secondary">{seen ? <Trans>Your last note: {calendarDay(seen)}</Trans> : <Trans>You wrote no note since you saved them.</Trans>}</p> : null}
      {save.error ? <Failed problem={save.error} /> : null}
      <Group justify="space-between">
        {banner.saved ? (
          <Button variant="default" loading={save.isPending} onClick={() => tell(false)}>
            <Trans>No longer save</Trans>
          </Button>
        ) : (
          <span />
        )}
        <Button loading={save.isPending} onClick={() => tell(true)}>
          {banner.saved ? <Trans>Keep remarks</Trans> : <Trans>Save with remarks</Trans>}
        </Button>
      </Group>
    </Fields>
  );
}
