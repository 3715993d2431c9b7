import { encodeHeader } from "./encode";
import type { Downloads, Uploads } from "../bindings/requests";
import { Listeners, type DownloadName, type Host, type HostEvent, type Input, type Output, type RequestName, type Unsubscribe, type UploadName } from "./host";
import { asProblem, Problem } from "./problem";

/** The same requests over HTTP, as `aidpost serve --ui` answers them: for tests in a browser. */
export class HttpHost implements Host {
  private readonly listeners = new Listeners();

  constructor(private readonly base = "") {
    const stream = new EventSource(`${base}/events`);
    stream.onmessage = (message) => this.listeners.tell(JSON.parse(String(message.data)) as HostEvent);
  }

  async ask<K extends RequestName>(name: K, input: Input<K>): Promise<Output<K>> {
    const answer = await this.post(`/ask/${name}`, { "content-type": "application/json" }, JSON.stringify(input ?? null));
    return (await answer.json()) as Output<K>;
  }

  async askBytes<K extends UploadName>(name: K, meta: Uploads[K]["in"], bytes: Uint8Array): Promise<Uploads[K]["out"]> {
    const headers = { "content-type": "application/octet-stream", input: encodeHeader(meta) };
    const answer = await this.post(`/ask_bytes/${name}`, headers, bytes as BodyInit);
    return (await answer.json()) as Uploads[K]["out"];
  }

  async bytes<K extends DownloadName>(name: K, input: Downloads[K]["in"]): Promise<Uint8Array> {
    const answer = await this.post(`/bytes/${name}`, { "content-type": "application/json" }, JSON.stringify(input ?? null));
    return new Uint8Array(await answer.arrayBuffer());
  }

  on<E extends HostEvent["kind"]>(kind: E, hear: (event: Extract<HostEvent, { kind: E }>) => void): Unsubscribe {
    return this.listeners.add(kind, hear);
  }

  private async post(path: string, headers: Record<string, string>, body: BodyInit): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(this.base + path, { method: "POST", headers, body });
    } catch (thrown) {
      throw new Problem({ code: "host_gone", detail: asProblem(thrown).detail, retry: true });
    }
    if (answer.ok) return answer;
    const shape: unknown = await answer.json().catch(() => null);
    throw shape ? asProblem(shape) : new Problem({ code: "unexpected", detail: `HTTP ${answer.status}`, retry: true });
  }
}
