import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { App } from "../app/App";
import { KeyboardProvider } from "../app/keys";
import { Providers } from "../app/Providers";
import { makeQueries } from "../app/queries";
import { MemoryHost, type Answers, type ByteAnswers } from "../host/memory";
import { openVault } from "./world";

interface World {
  answers?: Answers;
  byteAnswers?: ByteAnswers;
}

/** Renders one part with everything a part may rely on. */
export function renderPart(part: ReactNode, { answers, byteAnswers }: World = {}) {
  const host = new MemoryHost(answers, byteAnswers);
  const user = userEvent.setup();
  const shown = render(
    <Providers host={host} queries={makeQueries()}>
      <KeyboardProvider>{part}</KeyboardProvider>
    </Providers>,
  );
  return { ...shown, host, user };
}

/** Renders the whole window at an address ("/patients"), with an open vault unless the answers say otherwise. */
export function renderApp(at: string, { answers, byteAnswers }: World = {}) {
  const host = new MemoryHost({ ...openVault(), ...answers }, byteAnswers);
  const user = userEvent.setup();
  const history = createMemoryHistory({ initialEntries: [at] });
  const shown = render(
    <Providers host={host} queries={makeQueries()}>
      <App history={history} />
    </Providers>,
  );
  return { ...shown, host, user, history };
}
