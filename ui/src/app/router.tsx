import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from "@tanstack/react-router";
import type { MeView } from "../bindings/MeView";
import { Failed, Waiting } from "../parts/DataState";
import { Problem } from "../host/problem";
import { ScreenFailed } from "./ErrorBoundary";
import { Shell } from "./Shell";

interface Context {
  me: MeView;
}

const root = createRootRouteWithContext<Context>()({
  component: function Root() {
    return <Shell me={root.useRouteContext().me} />;
  },
  notFoundComponent: () => <Failed problem={new Problem({ code: "not_found", detail: null, retry: false })} />,
});

/** `?register` opens the dialog; `?text` is what is searched for. */
export interface PatientsSearch {
  register?: boolean;
  text?: string;
}

/** `?patient` is the chart a file or share is meant for. */
export interface ForPatientSearch {
  patient?: string;
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
const forPatient = (search: Record<string, unknown>): ForPatientSearch => ({ patient: text(search.patient) });

const routes = [
  createRoute({ getParentRoute: () => root, path: "/", component: lazyRouteComponent(() => import("../rooms/today"), "TodayRoom") }),
  createRoute({
    getParentRoute: () => root,
    path: "/patients",
    validateSearch: (search): PatientsSearch => ({ register: search.register === true || undefined, text: text(search.text) }),
    component: lazyRouteComponent(() => import("../rooms/patients"), "PatientsRoom"),
  }),
  createRoute({ getParentRoute: () => root, path: "/patients/$patient", component: lazyRouteComponent(() => import("../rooms/chart"), "ChartRoom") }),
  createRoute({ getParentRoute: () => root, path: "/patients/$patient/$tab", component: lazyRouteComponent(() => import("../rooms/chart"), "ChartRoom") }),
  createRoute({ getParentRoute: () => root, path: "/import", validateSearch: forPatient, component: lazyRouteComponent(() => import("../rooms/importing"), "ImportRoom") }),
  createRoute({ getParentRoute: () => root, path: "/receive", validateSearch: forPatient, component: lazyRouteComponent(() => import("../rooms/receive"), "ReceiveRoom") }),
  createRoute({ getParentRoute: () => root, path: "/sync", component: lazyRouteComponent(() => import("../rooms/synccentre"), "SyncRoom") }),
  createRoute({ getParentRoute: () => root, path: "/people", component: lazyRouteComponent(() => import("../rooms/people"), "PeopleRoom") }),
  createRoute({ getParentRoute: () => root, path: "/security", component: lazyRouteComponent(() => import("../rooms/security"), "SecurityRoom") }),
  createRoute({ getParentRoute: () => root, path: "/settings", component: lazyRouteComponent(() => import("../rooms/settings"), "SettingsRoom") }),
] as const;

const tree = root.addChildren([...routes]);

/** The router of one open vault. Tests give a memory history, the window a hash history. */
export function makeRouter(me: MeView, history: RouterHistory) {
  return createRouter({
    routeTree: tree,
    history,
    context: { me },
    defaultPendingComponent: () => <Waiting />,
    defaultPendingMs: 150,
    defaultPreload: false,
    defaultErrorComponent: ({ error, reset }) => <ScreenFailed failed={error} onRetry={reset} />,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
