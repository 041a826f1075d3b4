/** What a service answers when something is refused or fails (RFC 9457). */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  /** What is wrong where: by JSON Pointer into the document, or `query.limit`. */
  fields?: Record<string, string>;
  instance?: string;
}

/** A request that was refused: `message` is for people, and says what to do. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "Refused";
  }

  get status(): number {
    return this.problem.status;
  }

  get fields(): Record<string, string> {
    return this.problem.fields ?? {};
  }
}

/** Something changed meanwhile: what we hold is not what is there. */
export function isConflict(error: unknown): error is Refused {
  return error instanceof Refused && error.status === 412;
}

export function isMissing(error: unknown): error is Refused {
  return error instanceof Refused && error.status === 404;
}

/** The problem in an answer; one of our own making if the answer is no problem+json. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const told: unknown = JSON.parse(text);
    if (isProblem(told)) return told;
  } catch {
    // no JSON: said below
  }
  const detail = "The answer was not understood. Try again in a moment.";
  return { type: "about:blank", title: response.statusText || "Failed", status: response.status, detail };
}

function isProblem(told: unknown): told is Problem {
  return typeof told === "object" && told !== null && "title" in told && "status" in told;
}
