import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { loadPreferences, preferences } from "./app/preferences";
import { Providers } from "./app/Providers";
import { makeQueries } from "./app/queries";
import { openHost } from "./host/open";
import { speak } from "./words";

async function start(): Promise<void> {
  const element = document.getElementById("root");
  if (!element) throw new Error("index.html has no #root");
  const host = await openHost();
  await loadPreferences(host);
  await speak(preferences().language);
  createRoot(element).render(
    <StrictMode>
      <Providers host={host} queries={makeQueries()}>
        <App />
      </Providers>
    </StrictMode>,
  );
}

void start();
