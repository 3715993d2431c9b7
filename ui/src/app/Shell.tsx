import { Trans, useLingui } from "@lingui/react/macro";
import { spotlight } from "@mantine/spotlight";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import type { MeView } from "../bindings/MeView";
import { useHost } from "../host/HostContext";
import { applySettings } from "./apply-settings";
import { useIdleLock } from "./idle";
import { KeyHelp } from "./KeyHelp";
import { useShortcuts, type Shortcut } from "./keys";
import { groupsFor } from "./nav";
import { Palette } from "./Palette";
import { useAsk, useTell } from "./queries";
import { ReadOnlyBanner } from "./ReadOnlyBanner";
import { focusNextRegion } from "./regions";
import { MeProvider } from "./session";
import css from "./Shell.module.css";
import { SideBar } from "./SideBar";
import { StatusLine } from "./StatusLine";
import { TopBar } from "./TopBar";

const DEFAULT_LOCK_MINUTES = 15;

/** The frame of an open vault: side bar, top bar, the screen, status line, and the keys that act everywhere. */
export function Shell({ me }: { me: MeView }) {
  const [help, setHelp] = useState(false);
  const sync = useAsk("sync.state", {});
  const today = useAsk("today.view", {});
  const settings = useAsk("settings.get", {});
  const lock = useTell("session.lock");
  const lockMinutes = settings.data?.lock_minutes ?? DEFAULT_LOCK_MINUTES;
  const lockNow = () => lock.mutate({});
  const host = useHost();
  // A program that is gone cannot lock either, and the next question says so.
  const left = useIdleLock(lockMinutes, lockNow, () => void host.ask("session.touch", {}).catch(() => undefined));

  useEffect(() => {
    if (settings.data) applySettings(settings.data);
  }, [settings.data]);
  useEverywhereKeys(me, lockNow, () => setHelp(true));

  const badges = {
    today: (today.data?.unreviewed.length ?? 0) + (today.data?.notifications.filter((one) => !one.read).length ?? 0),
    sync: (sync.data?.conflicts ?? 0) + (sync.data?.quarantined ?? 0),
  };
  return (
    <MeProvider me={me}>
      <div className={css.shell}>
        <a className={css.skip} href="#main" onClick={skipToMain}>
          <Trans>Skip to content</Trans>
        </a>
        <SideBar me={me} badges={badges} />
        <div className={css.top}>
          <TopBar sync={sync.data} lockMinutes={lockMinutes} left={left} onSearch={spotlight.open} onLock={lockNow} />
        </div>
        <Main />
        <div className={css.status}>
          <StatusLine sync={sync.data} onHelp={() => setHelp(true)} />
        </div>
      </div>
      <Palette me={me} onLock={lockNow} />
      <KeyHelp opened={help} onClose={() => setHelp(false)} />
    </MeProvider>
  );
}

function skipToMain(event: { preventDefault: () => void }) {
  // The address holds the route, so the link may not change it.
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Main() {
  const { t } = useLingui();
  const frame = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = useRef(true);
  useEffect(() => {
    // After a change of screen the keyboard starts at its top, as after a page load.
    if (!first.current) frame.current?.focus({ preventScroll: true });
    first.current = false;
    frame.current?.scrollTo?.(0, 0);
  }, [path]);
  return (
    <main id="main" ref={frame} className={css.main} tabIndex={-1} data-region aria-label={t`Content`}>
      <ReadOnlyBanner />
      <Outlet />
    </main>
  );
}

function useEverywhereKeys(me: MeView, lockNow: () => void, showHelp: () => void) {
  const { i18n, t } = useLingui();
  const go = useNavigate();
  const everywhere = t`Everywhere`;
  const goTo = t`Go to`;
  const places = groupsFor(me).flatMap((group) => group.places);
  const shortcuts: Shortcut[] = [
    { keys: "Ctrl+k", label: t`Search and commands`, group: everywhere, run: spotlight.open },
    { keys: "Ctrl+p", label: t`Patients`, group: everywhere, run: () => void go({ to: "/patients" }) },
    { keys: "Ctrl+l", label: t`Lock now`, group: everywhere, run: lockNow },
    { keys: "F6", label: t`Next part of the window`, group: everywhere, run: focusNextRegion },
    { keys: "?", label: t`Show all keys`, group: everywhere, run: showHelp },
    ...places.map((place) => ({ keys: `g ${place.key}`, label: i18n._(place.words), group: goTo, run: () => void go({ to: place.to }) })),
  ];
  useShortcuts(shortcuts);
}
