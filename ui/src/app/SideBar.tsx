import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { MeView } from "../bindings/MeView";
import { BrandMark } from "./BrandMark";
import css from "./SideBar.module.css";
import { groupsFor, type Place } from "./nav";

interface Props {
  me: MeView;
  /** What waits for a person, by badge name. */
  badges: Record<"today" | "sync", number>;
}

/** The dark bar at the side: where one can go, and who is at work. */
export function SideBar({ me, badges }: Props) {
  const { i18n, t } = useLingui();
  return (
    <nav className={css.bar} aria-label={t`Main`} data-region tabIndex={-1}>
      <div className={css.brand} title={me.realm_name}>
        <BrandMark />
        <span className={css.name}>{me.alone ? <Trans>Aidpost</Trans> : me.realm_name}</span>
      </div>
      <div className={css.groups}>
        {groupsFor(me).map((group, at) => (
          <div key={at} className={css.group}>
            {group.heading ? <p className={css.heading}>{i18n._(group.heading)}</p> : null}
            <ul>
              {group.places.map((place) => (
                <li key={place.to}>
                  <NavLink place={place} count={place.badge ? badges[place.badge] : 0} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <div className={css.me}>
        <span className={css.initials} aria-hidden>
          {me.initials}
        </span>
        <span className={css.who}>
          <span className={css.whoName}>{me.name}</span>
          <span className={css.role}>
            <RoleWord me={me} />
          </span>
        </span>
      </div>
    </nav>
  );
}

function NavLink({ place, count }: { place: Place; count: number }) {
  const { i18n, t } = useLingui();
  const words = i18n._(place.words);
  return (
    <Link to={place.to} className={css.link} activeProps={{ className: css.selected }} activeOptions={{ exact: place.to === "/" }} title={words}>
      <place.icon size="1.25rem" stroke={1.6} aria-hidden />
      <span className={css.words}>{words}</span>
      {count > 0 ? (
        <span className={css.badge}>
          {count} <span className="sr-only">{t`waiting`}</span>
        </span>
      ) : null}
    </Link>
  );
}

function RoleWord({ me }: { me: MeView }) {
  if (me.alone) return <Trans>My own record</Trans>;
  if (me.role === "patient") return <Trans>Patient</Trans>;
  if (me.role === "doctor") return <Trans>Clinician</Trans>;
  return me.clinical ? <Trans>Clinician, administration</Trans> : <Trans>Administration</Trans>;
}
