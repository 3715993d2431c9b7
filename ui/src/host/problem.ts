import type { Problem as ProblemShape } from "../bindings/Problem";

/** The one kind of error that leaves the host. */
export class Problem extends Error implements ProblemShape {
  readonly code: string;
  readonly detail: string | null;
  readonly retry: boolean;

  constructor(shape: ProblemShape) {
    super(shape.code);
    this.name = "Problem";
    this.code = shape.code;
    this.detail = shape.detail;
    this.retry = shape.retry;
  }
}

function looksLikeProblem(value: unknown): value is ProblemShape {
  return typeof value === "object" && value !== null && typeof (value as { code?: unknown }).code === "string";
}

/** Makes a `Problem` of whatever was thrown. Anything unknown becomes `unexpected`, with its text as the detail. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (looksLikeProblem(thrown)) return new Problem({ code: thrown.code, detail: thrown.detail ?? null, retry: thrown.retry === true });
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Problem({ code: "unexpected", detail, retry: true });
}
