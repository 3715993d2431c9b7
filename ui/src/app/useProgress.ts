import { useEffect, useState } from "react";
import { useHost } from "../host/HostContext";

export interface Progress {
  done: number;
  total: number;
}

/** How far long work has come; null before its first word and after `running` ends. */
export function useProgress(task: string, running: boolean): Progress | null {
  const host = useHost();
  const [progress, setProgress] = useState<Progress | null>(null);
  useEffect(() => {
    setProgress(null);
    if (!running) return;
    return host.on("progress", (event) => {
      if (event.task === task) setProgress({ done: event.done, total: event.total });
    });
  }, [host, task, running]);
  return progress;
}
