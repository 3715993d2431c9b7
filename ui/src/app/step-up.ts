import { createContext, useCallback, useContext } from "react";
import { asProblem, Problem } from "../host/problem";

/** Code of a request that was given up in the dialog; no screen shows it. */
export const STEP_UP_CANCELLED = "step_up_cancelled";

/** Asks the person to prove who they are, with a code of the second factor or without; true when they did. */
export type Prove = (withCode: boolean) => Promise<boolean>;

/** Without a dialog above, nobody can be asked. */
export const StepUpContext = createContext<Prove>(() => Promise.resolve(false));

/** Makes a request; where the program wants a fresh proof first, asks for it and makes the request once more. */
export function useProving(): <T>(ask: () => Promise<T>) => Promise<T> {
  const prove = useContext(StepUpContext);
  return useCallback(
    async (ask) => {
      try {
        return await ask();
      } catch (thrown) {
        const problem = asProblem(thrown);
        if (problem.code !== "step_up_needed") throw problem;
        if (!(await prove(problem.detail === "passphrase+code"))) throw new Problem({ code: STEP_UP_CANCELLED, detail: null, retry: false });
        return ask();
      }
    },
    [prove],
  );
}
