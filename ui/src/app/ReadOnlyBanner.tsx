import { useLingui } from "@lingui/react/macro";
import { Banner } from "../parts/Banner";
import { explain } from "../words/problems";
import css from "./Shell.module.css";
import { useMe } from "./session";

/** On every screen of a record that does not agree with itself: what happened, and what to do. */
export function ReadOnlyBanner() {
  const { i18n } = useLingui();
  const me = useMe();
  if (!me.read_only) return null;
  const { what, next } = explain("vault_check_failed");
  return (
    <div className={css.notice}>
      <Banner tone="crit" urgent title={i18n._(what)}>
        {i18n._(next)}
      </Banner>
    </div>
  );
}
