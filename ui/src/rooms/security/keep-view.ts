import { useQueryClient } from "@tanstack/react-query";
import type { SecurityView } from "../../bindings/SecurityView";
import { keyOf } from "../../app/queries";

/** Shows at once what a change answered. */
export function useKeepView(): (view: SecurityView) => void {
  const queries = useQueryClient();
  return (view) => queries.setQueryData(keyOf("security.view", {}), view);
}
