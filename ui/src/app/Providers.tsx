import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./roles.css";
import "./base.css";
import { I18nProvider } from "@lingui/react";
import { MantineProvider, useMantineColorScheme, type MantineColorSchemeManager } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { HostProvider } from "../host/HostContext";
import type { Host } from "../host/host";
import { i18n, speak } from "../words";
import { useKeeping } from "./keeping";
import { usePreferences } from "./preferences";
import { useRefresh } from "./queries";
import { StepUpProvider } from "./StepUp";
import { cssVariables, theme } from "./theme";

interface Props {
  host: Host;
  queries: QueryClient;
  children: ReactNode;
}

/** The colours are a preference like others, kept by the program: the web view itself keeps nothing. */
const KEEPS_NOTHING: MantineColorSchemeManager = {
  get: (value) => value,
  set: () => undefined,
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => undefined,
};

/** Everything a screen may rely on: host, queries, words, theme, notifications. Tests wrap parts in it too. */
export function Providers({ host, queries, children }: Props) {
  const { theme: scheme } = usePreferences();
  return (
    <HostProvider host={host}>
      <QueryClientProvider client={queries}>
        <I18nProvider i18n={i18n}>
          <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme={scheme} colorSchemeManager={KEEPS_NOTHING}>
            <ApplyPreferences />
            <Refresh />
            <Notifications position="bottom-right" limit={4} />
            <StepUpProvider>{children}</StepUpProvider>
          </MantineProvider>
        </I18nProvider>
      </QueryClientProvider>
    </HostProvider>
  );
}

function ApplyPreferences() {
  const { language, theme: scheme, textSize, motion } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  useEffect(() => setColorScheme(scheme), [scheme, setColorScheme]);
  useEffect(() => {
    if (i18n.locale !== language) void speak(language);
  }, [language]);
  useEffect(() => {
    document.documentElement.style.setProperty("--text-scale", String(textSize / 100));
    document.documentElement.dataset.motion = motion;
  }, [textSize, motion]);
  return null;
}

function Refresh() {
  useRefresh();
  useKeeping();
  return null;
}
