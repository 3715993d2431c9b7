import { useLingui } from "@lingui/react/macro";

/** Lengths that are offered at the desk, in minutes. */
export const DESK_MINUTES = [5, 15, 30, 60];

/** Lengths of a share that is kept; null: until it is taken back. */
export const KEEP_MINUTES: readonly (number | null)[] = [null, 24 * 60, 7 * 24 * 60, 30 * 24 * 60, 365 * 24 * 60];

/** Says a length in the person's language. */
export function useMinutesWord(): (minutes: number | null) => string {
  const { t } = useLingui();
  return (minutes) => {
    if (minutes === null) return t`Until I take it back`;
    return minutes <= 60 ? t`${minutes} minutes` : minutes === 24 * 60 ? t`1 day` : t`${minutes / (24 * 60)} days`;
  };
}
