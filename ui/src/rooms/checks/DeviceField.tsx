import { useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import { VOICE_DEVICES } from "./devices";

interface Props {
  value: string;
  onChange: (value: string) => void;
}

/** Which kind of microphone: the same voice measures differently on each, so that only recordings of one kind are compared. */
export function DeviceField({ value, onChange }: Props) {
  const { t, i18n } = useLingui();
  return (
    <NativeSelect
      label={t`Recorded with`}
      description={t`Only recordings of the same kind are compared. Where it is not known, a vowel is not compared with other people.`}
      data={Object.entries(VOICE_DEVICES).map(([device, word]) => ({ value: device, label: i18n._(word) }))}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
