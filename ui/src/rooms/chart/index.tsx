import { Navigate, useParams } from "@tanstack/react-router";
import { useAsk } from "../../app/queries";
import { DataState } from "../../parts/DataState";
import { ChartFrame } from "./ChartFrame";
import { tabOf } from "./dialogs";
import { RestrictedChart } from "./RestrictedChart";

/** A patient's chart. The tab is part of the address, so that a view can be come back to. */
export function ChartRoom() {
  const { patient, tab } = useParams({ strict: false }) as { patient: string; tab?: string };
  const banner = useAsk("patients.banner", { patient });
  if (!tab) return <Navigate to="/patients/$patient/$tab" params={{ patient, tab: "summary" }} replace />;
  if (banner.error?.code === "chart_restricted") return <RestrictedChart patient={patient} />;
  return <DataState query={banner}>{(view) => <ChartFrame key={view.id} banner={view} tab={tabOf(tab)} />}</DataState>;
}
