import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import type { BannerView } from "../../bindings/BannerView";
import type { ConditionView } from "../../bindings/ConditionView";
import { useTell } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { FieldError, Fields, FormButtons } from "../../parts/fields";
import { onSubmitKey } from "../../parts/submit-key";
import { calendarDay, typedDate } from "../../words/dates";
import { EntryList } from "./EntryList";
import css from "./EntryList.module.css";

interface Props {
  opened: boolean;
  banner: BannerView;
  onClose: () => void;
}

/** Conditions that are present, those that are over, and a new one. */
export function ConditionsDialog({ opened, banner, onClose }: Props) {
  const { t } = useLingui();
  const entry = (one: ConditionView) => ({
    id: one.id,
    title: one.name,
    detail: [one.since ? t`since ${calendarDay(one.since)}` : t`start not recorded`, one.until ? t`until ${calendarDay(one.until)}` : null, one.origin ? t`imported from ${one.origin}` : null].filter(Boolean).join(" · "),
  });
  return (
    <Modal opened={opened} onClose={onClose} title={t`Conditions`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      <Fields>
        <EntryList patient={banner.id} entries={banner.conditions.map(entry)} empty={<Trans>No condition is recorded.</Trans>} label={t`Present`} />
        {banner.past_conditions.length > 0 ? (
          <>
            <h3>
              <Trans>Over</Trans>
            </h3>
            <EntryList patient={banner.id} entries={banner.past_conditions.map(entry)} empty={null} label={t`Over`} />
          </>
        ) : null}
        {opened ? <Add patient={banner.id} /> : null}
        <FormButtons>
          <Button variant="default" onClick={onClose}>
            <Trans>Done</Trans>
          </Button>
        </FormButtons>
      </Fields>
    </Modal>
  );
}

/** "2020", "03/2020" or a whole date, as calendars write it; null when unreadable. */
export function typedSince(text: string): string | null {
  const plain = text.trim();
  if (/^(19|20)\d{2}$/.test(plain)) return plain;
  const month = /^(\d{1,2})[/. -]((?:19|20)\d{2})$/.exec(plain);
  if (month && Number(month[1]) >= 1 && Number(month[1]) <= 12) return `${month[2]}-${(month[1] ?? "").padStart(2, "0")}`;
  return typedDate(plain);
}

function Add({ patient }: { patient: string }) {
  const { t } = useLingui();
  const add = useTell("patients.add_condition");
  const [name, setName] = useState("");
  const [since, setSince] = useState("");
  const [tried, setTried] = useState(false);
  const read = since.trim() ? typedSince(since) : null;
  const unreadable = since.trim() !== "" && read === null;
  const submit = () => {
    setTried(true);
    if (!name.trim() || unreadable) return;
    const clear = () => {
      setName("");
      setSince("");
      setTried(false);
    };
    add.mutate({ patient, name: name.trim(), since: read }, { onSuccess: clear });
  };
  return (
    <div className={css.add} onKeyDown={onSubmitKey(submit)} role="group" aria-label={t`Add a condition`}>
      <TextInput label={t`Condition`} placeholder={t`Atrial fibrillation`} value={name} onChange={(event) => setName(event.currentTarget.value)} error={tried && !name.trim() ? <FieldError>{t`Write the name of the condition.`}</FieldError> : undefined} />
      <TextInput
        label={t`Since`}
        placeholder={t`2020, 03/2020 or a date`}
        description={read ? calendarDay(read) : undefined}
        inputWrapperOrder={["label", "input", "description", "error"]}
        value={since}
        onChange={(event) => setSince(event.currentTarget.value)}
        error={tried && unreadable ? <FieldError>{t`Write a year, a month and year, or a date.`}</FieldError> : undefined}
      />
      {add.error ? <Failed problem={add.error} /> : null}
      <FormButtons>
        <Button onClick={submit} loading={add.isPending}>
          <Trans>Add the condition</Trans>
        </Button>
      </FormButtons>
    </div>
  );
}
