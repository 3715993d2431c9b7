import { Trans, useLingui } from "@lingui/react/macro";
import { Modal, Switch } from "@mantine/core";
import { KeyHint } from "../parts/KeyHint";
import css from "./KeyHelp.module.css";
import { useAllShortcuts } from "./keys";
import { setPreferences, usePreferences } from "./preferences";

/** The list of every key that acts on this screen. */
export function KeyHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const shortcuts = useAllShortcuts(opened);
  const { letterKeys } = usePreferences();
  const groups = [...new Set(shortcuts.map((one) => one.group))];
  return (
    <Modal opened={opened} onClose={onClose} title={t`Keys`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      <div className={css.groups}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className={css.group}>{group}</h3>
            <dl className={css.list}>
              {shortcuts
                .filter((one) => one.group === group)
                .map((one) => (
                  <div key={one.keys} className={css.row}>
                    <dt className="dense">{one.label}</dt>
                    <dd>
                      <KeyHint keys={one.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        mt="md"
        checked={letterKeys}
        onChange={(event) => setPreferences({ letterKeys: event.currentTarget.checked })}
        label={<Trans>Single-letter keys act when no field has the focus</Trans>}
      />
    </Modal>
  );
}
