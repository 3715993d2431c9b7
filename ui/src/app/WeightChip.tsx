import { Trans } from "@lingui/react/macro";
import { IconAlertTriangle, IconId } from "@tabler/icons-react";
import type { ConflictWeight } from "../bindings/ConflictWeight";
import { Chip } from "../parts/Chip";

/** How much depends on a conflict; an ordinary one needs no word. */
export function WeightChip({ weight }: { weight: ConflictWeight }) {
  if (weight === "can_harm") {
    return (
      <Chip tone="crit" icon={IconAlertTriangle}>
        <Trans>Can harm</Trans>
      </Chip>
    );
  }
  if (weight === "identity") {
    return (
      <Chip tone="warn" icon={IconId}>
        <Trans>Identity</Trans>
      </Chip>
    );
  }
  return null;
}
