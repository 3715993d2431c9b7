import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import {
  IconFileImport,
  IconInbox,
  IconLayoutDashboard,
  IconRefresh,
  IconSettings,
  IconShieldLock,
  IconUserHeart,
  IconUsers,
  IconUsersGroup,
  type Icon,
} from "@tabler/icons-react";
import type { MeView } from "../bindings/MeView";

// In French the full names are longer than the side bar; the short forms have a context of their own.
const SYNC = msg({ message: "Sync centre", context: "side bar" });
const PEOPLE = msg({ message: "People and devices", context: "side bar" });

/** One place the side bar leads to. */
export interface Place {
  to: string;
  icon: Icon;
  words: MessageDescriptor;
  /** Second key after G. */
  key: string;
  badge?: "today" | "sync";
}

/** A group of places; the first has no heading. */
export interface Group {
  heading: MessageDescriptor | null;
  places: Place[];
}

/** The places of this person: staff see the clinic, a patient sees their own chart. */
export function groupsFor(me: MeView): Group[] {
  return me.role === "patient" || me.alone ? ownGroups(me) : staffGroups(me);
}

function ownGroups(me: MeView): Group[] {
  const chart: Place[] = me.chart
    ? [{ to: `/patients/${me.chart}`, icon: IconUserHeart, words: msg`My record`, key: "p" }]
    : [{ to: "/patients", icon: IconUsers, words: msg`Records`, key: "p" }];
  return [
    { heading: null, places: [{ to: "/", icon: IconLayoutDashboard, words: msg`Today`, key: "t", badge: "today" }, ...chart] },
    { heading: msg`Bring in`, places: bringIn() },
    { heading: msg`This device`, places: device(me.alone ? msg`Devices` : PEOPLE) },
  ];
}

function staffGroups(me: MeView): Group[] {
  const staff = me.role === "doctor" || me.role === "admin" || me.role === "super_admin";
  return [
    {
      heading: null,
      places: [
        { to: "/", icon: IconLayoutDashboard, words: msg`Today`, key: "t", badge: "today" },
        { to: "/patients", icon: IconUsers, words: msg`Patients`, key: "p" },
      ],
    },
    { heading: msg`Bring in`, places: bringIn() },
    { heading: msg`Practice`, places: device(staff ? PEOPLE : msg`Devices`) },
  ];
}

function bringIn(): Place[] {
  return [
    { to: "/receive", icon: IconInbox, words: msg`Receive a share`, key: "r" },
    { to: "/import", icon: IconFileImport, words: msg`Import files`, key: "i" },
  ];
}

function device(people: MessageDescriptor): Place[] {
  return [
    { to: "/people", icon: IconUsersGroup, words: people, key: "u" },
    { to: "/sync", icon: IconRefresh, words: SYNC, key: "y", badge: "sync" },
    { to: "/security", icon: IconShieldLock, words: msg`Security`, key: "k" },
    { to: "/settings", icon: IconSettings, words: msg`Settings`, key: "e" },
  ];
}
