import { useLingui } from "@lingui/react/macro";
import { ActionIcon, Button } from "@mantine/core";
import { IconZoomIn, IconZoomOut } from "@tabler/icons-react";
import { formatNumber } from "../../parts/NumberText";

/** Sizes one steps through; 1 is the width of the place. */
const STEPS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4, 6] as const;

/** The next larger or smaller size. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const all = direction > 0 ? STEPS.filter((step) => step > zoom + 0.001) : STEPS.filter((step) => step < zoom - 0.001);
  return (direction > 0 ? all[0] : all.at(-1)) ?? zoom;
}

/** Smaller, fit, larger. */
export function ZoomButtons({ zoom, onZoom }: { zoom: number; onZoom: (zoom: number) => void }) {
  const { t } = useLingui();
  return (
    <span role="group" aria-label={t`Size`} style={{ display: "inline-flex", gap: "0.25rem", alignItems: "center" }}>
      <ActionIcon aria-label={t`Smaller`} onClick={() => onZoom(nextZoom(zoom, -1))}>
        <IconZoomOut size="1.1rem" aria-hidden />
      </ActionIcon>
      <Button variant="subtle" size="compact-sm" onClick={() => onZoom(1)} aria-label={t`${formatNumber(zoom * 100)} per cent; back to the full width`}>
        {formatNumber(zoom * 100)} %
      </Button>
      <ActionIcon aria-label={t`Larger`} onClick={() => onZoom(nextZoom(zoom, 1))}>
        <IconZoomIn size="1.1rem" aria-hidden />
      </ActionIcon>
    </span>
  );
}
