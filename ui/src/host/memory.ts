import type { Downloads, Uploads } from "../bindings/requests";
import { Listeners, type DownloadName, type Host, type HostEvent, type Input, type Output, type RequestName, type Unsubscribe, type UploadName } from "./host";
import { asProblem, Problem } from "./problem";

/** One canned answer: a value, or a function of the input that gives or throws one. */
export type Answer<I, O> = O | ((input: I) => O | Promise<O>);

/** The answers of one test, by request name. */
export type Answers = { [K in RequestName]?: Answer<Input<K>, Output<K>> };

/** Answers to raw-byte requests, by request name. */
export interface ByteAnswers {
  askBytes?: { [K in UploadName]?: (meta: Uploads[K]["in"], bytes: Uint8Array) => Uploads[K]["out"] | Promise<Uploads[K]["out"]> };
  bytes?: { [K in DownloadName]?: (input: Downloads[K]["in"]) => Uint8Array };
}

/** What was asked, in order, for a test to look at. */
export interface Asked {
  name: string;
  input: unknown;
}

/** A table of answers, given by each test. Asking for something that is not in it fails loudly. */
export class MemoryHost implements Host {
  readonly asked: Asked[] = [];
  /** Set by a test in which there is a dialog for folders. */
  chooseFolder?: () => Promise<string | null>;
  private readonly listeners = new Listeners();

  constructor(
    private readonly answers: Answers = {},
    private readonly byteAnswers: ByteAnswers = {},
  ) {}

  /** Adds or replaces answers. */
  answer(more: Answers): void {
    Object.assign(this.answers, more);
  }

  /** Inputs with which `name` was asked so far. */
  inputsOf<K extends RequestName>(name: K): Input<K>[] {
    return this.asked.filter((one) => one.name === name).map((one) => one.input as Input<K>);
  }

  /** Plays an event to whoever listens. */
  tell(event: HostEvent): void {
    this.listeners.tell(event);
  }

  async ask<K extends RequestName>(name: K, input: Input<K>): Promise<Output<K>> {
    this.asked.push({ name, input });
    if (!(name in this.answers)) throw new Problem({ code: "unexpected", detail: `no answer for ${name}`, retry: false });
    // Looked up without its type: a union over all requests is more than the compiler can write down.
    const answer = (this.answers as Record<string, unknown>)[name];
    try {
      return (typeof answer === "function" ? await (answer as (input: Input<K>) => unknown)(input) : answer) as Output<K>;
    } catch (thrown) {
      throw asProblem(thrown);
    }
  }

  async askBytes<K extends UploadName>(name: K, meta: Uploads[K]["in"], bytes: Uint8Array): Promise<Uploads[K]["out"]> {
    this.asked.push({ name, input: meta });
    const answer = this.byteAnswers.askBytes?.[name];
    if (!answer) throw new Problem({ code: "unexpected", detail: `no answer for ${name}`, retry: false });
    try {
      return await answer(meta, bytes);
    } catch (thrown) {
      throw asProblem(thrown);
    }
  }

  async bytes<K extends DownloadName>(name: K, input: Downloads[K]["in"]): Promise<Uint8Array> {
    this.asked.push({ name, input });
    const answer = this.byteAnswers.bytes?.[name];
    if (!answer) throw new Problem({ code: "unexpected", detail: `no answer for ${name}`, retry: false });
    return answer(input);
  }

  on<E extends HostEvent["kind"]>(kind: E, hear: (event: Extract<HostEvent, { kind: E }>) => void): Unsubscribe {
    return this.listeners.add(kind, hear);
  }
}
