import { useQueryClient } from "@tanstack/react-query";
import type { DeletionView } from "../../bindings/DeletionView";
import { keyOf } from "../../app/queries";

/** Shows at once what a step of leaving answered. */
export function useKeepWish(): (view: DeletionView) => void {
  const queries = useQueryClient();
  return (view) => queries.setQueryData(keyOf("deletion.view", {}), view);
}
