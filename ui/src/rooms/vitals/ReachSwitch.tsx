import { useLingui } from "@lingui/react/macro";
import { SegmentedControl } from "@mantine/core";
import type { Reach } from "./ranges";

/** Six months, two years, or everything. */
export function ReachSwitch({ value, onChange }: { value: Reach; onChange: (reach: Reach) => void }) {
  const { t } = useLingui();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t`How far back`}
      value={value}
      onChange={(reach) => onChange(reach as Reach)}
      data={[
        { value: "6m", label: t`6 m` },
        { value: "2y", label: t`2 y` },
        { value: "all", label: t`All` },
      ]}
    />
  );
}
