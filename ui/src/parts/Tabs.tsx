import { Tabs as MantineTabs } from "@mantine/core";
import type { ReactNode } from "react";
import css from "./Tabs.module.css";

export interface Tab {
  id: string;
  label: ReactNode;
  /** Shown as a pill after the label when above zero. */
  count?: number;
}

interface Props {
  tabs: readonly Tab[];
  active: string;
  onChange: (id: string) => void;
  label: string;
  /** The panel of the active tab. Left out where the page below is the panel. */
  children?: ReactNode;
}

/** Tabs with counts, after the ARIA pattern (arrow keys move, the panel is tied to its tab). */
export function Tabs({ tabs, active, onChange, label, children }: Props) {
  return (
    <MantineTabs value={active} onChange={(id) => id && onChange(id)} keepMounted={false} classNames={{ list: css.list, tab: css.tab, panel: css.panel }}>
      <MantineTabs.List aria-label={label}>
        {tabs.map((tab) => (
          <MantineTabs.Tab key={tab.id} value={tab.id}>
            {tab.label}
            {tab.count ? <span className={css.count}>{tab.count}</span> : null}
          </MantineTabs.Tab>
        ))}
      </MantineTabs.List>
      <MantineTabs.Panel value={active}>{children}</MantineTabs.Panel>
      {tabs
        .filter((tab) => tab.id !== active)
        .map((tab) => (
          // Empty panels, so that every tab's aria-controls points at something.
          <MantineTabs.Panel key={tab.id} value={tab.id} keepMounted>
            {null}
          </MantineTabs.Panel>
        ))}
    </MantineTabs>
  );
}
