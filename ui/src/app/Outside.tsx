import { Trans, useLingui } from "@lingui/react/macro";
import { SegmentedControl } from "@mantine/core";
import type { ReactNode } from "react";
import { BrandMark } from "./BrandMark";
import css from "./Outside.module.css";
import { setPreferences, usePreferences, type Language } from "./preferences";

interface Props {
  title: ReactNode;
  note?: ReactNode;
  /** Wider, for papers with two columns. */
  wide?: boolean;
  children: ReactNode;
  foot?: ReactNode;
}

/** The frame outside an open vault: first start, joining, unlock. */
export function Outside({ title, note, wide, children, foot }: Props) {
  const { t } = useLingui();
  const { language } = usePreferences();
  return (
    <div className={css.ground}>
      <div className={css.top} role="region" aria-label={t`Top bar`}>
        <BrandMark />
        <span className={css.name}>Aidpost</span>
        <SegmentedControl
          size="xs"
          aria-label={t`Language`}
          value={language}
          onChange={(value) => setPreferences({ language: value as Language })}
          data={[
            { value: "en", label: "English" },
            { value: "fr", label: "Français" },
          ]}
        />
      </div>
      <main className={`${css.panel} ${wide ? css.wide : ""}`} data-region tabIndex={-1}>
        <h1>{title}</h1>
        {note ? <p className={css.note}>{note}</p> : null}
        <div className={css.content}>{children}</div>
      </main>
      <footer className={css.foot}>
        {foot ?? <Trans>Everything is encrypted on this computer. Aidpost works without a network.</Trans>}
      </footer>
    </div>
  );
}
