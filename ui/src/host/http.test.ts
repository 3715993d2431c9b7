import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HttpHost } from "./http";

class Stream {
  static last: Stream;
  onmessage: ((message: { data: string }) => void) | null = null;
  constructor(readonly address: string) {
    Stream.last = this;
  }
}

beforeEach(() => void vi.stubGlobal("EventSource", Stream));
afterEach(() => void vi.unstubAllGlobals());

const answers = (status: number, body: unknown) => vi.stubGlobal("fetch", vi.fn(async () => new Response(JSON.stringify(body), { status })));

test("asks by name and gives back the answer", async () => {
  answers(200, { passphrase: "six words" });
  const host = new HttpHost();
  expect(await host.ask("passphrase.suggest", {})).toEqual({ passphrase: "six words" });
  expect(fetch).toHaveBeenCalledWith("/ask/passphrase.suggest", expect.objectContaining({ method: "POST", body: "{}" }));
});

test("a problem comes through with its code", async () => {
  answers(422, { code: "not_found", detail: null, retry: false });
  await expect(new HttpHost().ask("session.lock", {})).rejects.toMatchObject({ code: "not_found", retry: false });
});

test("no server is a problem of its own, worth trying again", async () => {
  vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("failed"))));
  await expect(new HttpHost().ask("session.lock", {})).rejects.toMatchObject({ code: "host_gone", retry: true });
});

test("events are heard by kind until one stops listening", () => {
  const host = new HttpHost();
  const heard = vi.fn();
  const stop = host.on("progress", heard);
  Stream.last.onmessage?.({ data: '{"kind":"progress","task":"import","done":1,"total":2}' });
  Stream.last.onmessage?.({ data: '{"kind":"session","stage":"locked"}' });
  stop();
  Stream.last.onmessage?.({ data: '{"kind":"progress","task":"import","done":2,"total":2}' });
  expect(heard.mock.calls).toEqual([[{ kind: "progress", task: "import", done: 1, total: 2 }]]);
});
