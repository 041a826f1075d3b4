/** What was, what is, and what was taken back. */
export interface History<T> {
  past: T[];
  present: T;
  future: T[];
}

const KEPT = 200;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

export function go<T>(history: History<T>, present: T): History<T> {
  if (present === history.present) return history;
  return { past: [...history.past, history.present].slice(-KEPT), present, future: [] };
}

/** As `go`, where the last step was one of the same kind: one undo takes back the typing of a whole name. */
export function goOn<T>(history: History<T>, present: T): History<T> {
  return { ...history, present, future: [] };
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return { past: history.past.slice(0, -1), present: previous, future: [history.present, ...history.future] };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future };
}
