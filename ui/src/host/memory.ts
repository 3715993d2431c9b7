import type { HostEvent } from "./events";
import { Listeners, type Host, type Input, type Output, type RequestName, type Unsubscribe } from "./host";
import { asProblem, Problem } from "./problem";

/** One canned answer: a value, or a function of the input that gives or throws one. */
export type Answer<I, O> = O | ((input: I) => O | Promise<O>);

/** The answers of one test, by request name. */
export type Answers = { [K in RequestName]?: Answer<Input<K>, Output<K>> };

/** Answers to raw-byte requests, by request name. */
export interface ByteAnswers {
  askBytes?: Record<string, (meta: unknown, bytes: Uint8Array) => unknown>;
  bytes?: Record<string, (input: unknown) => Uint8Array>;
}

/** What was asked, in order, for a test to look at. */
export interface Asked {
  name: string;
  input: unknown;
}

/** A table of answers, given by each test. Asking for something that is not in it fails loudly. */
export class MemoryHost implements Host {
  readonly asked: Asked[] = [];
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
    const answer = this.answers[name] as Answer<Input<K>, Output<K>>;
    try {
      return typeof answer === "function" ? await (answer as (input: Input<K>) => Output<K>)(input) : answer;
    } catch (thrown) {
      throw asProblem(thrown);
    }
  }

  async askBytes<T = unknown>(name: string, meta: unknown, bytes: Uint8Array): Promise<T> {
    this.asked.push({ name, input: meta });
    const answer = this.byteAnswers.askBytes?.[name];
    if (!answer) throw new Problem({ code: "unexpected", detail: `no answer for ${name}`, retry: false });
    return (await answer(meta, bytes)) as T;
  }

  async bytes(name: string, input: unknown): Promise<Uint8Array> {
    this.asked.push({ name, input });
    const answer = this.byteAnswers.bytes?.[name];
    if (!answer) throw new Problem({ code: "unexpected", detail: `no answer for ${name}`, retry: false });
    return answer(input);
  }

  on<E extends HostEvent["kind"]>(kind: E, hear: (event: Extract<HostEvent, { kind: E }>) => void): Unsubscribe {
    return this.listeners.add(kind, hear);
  }
}
