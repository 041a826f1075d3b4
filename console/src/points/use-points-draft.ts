import { useState } from "react";
import { fieldsOf } from "../shell/problems";
import { keyOf, wrongKey } from "../shell/keys";
import { useKeep } from "../settings/editing/definition";

interface Kept<T> {
  key: string | null;
  document: T;
  onClose: () => void;
  put: (key: string, document: T) => Promise<unknown>;
}

/** An action or a trigger while it is edited, in its drawer. */
export function usePointsDraft<T extends { name: string }>({ key, document, onClose, put }: Kept<T>) {
  const [draft, setDraft] = useState(document);
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const chosen = key ?? typedKey ?? keyOf(draft.name);
  const keeping = useKeep(["points"], () => put(chosen, draft), onClose);
  return {
    draft,
    setDraft,
    chosenKey: chosen,
    setKey: (typed: string) => setTypedKey(typed.toLowerCase()),
    keyProblem: chosen ? wrongKey(chosen) : null,
    error: keeping.error,
    problems: fieldsOf(keeping.error),
    isKeeping: keeping.isPending,
    isNamed: draft.name.trim() !== "" && wrongKey(chosen) === null,
    keep: () => keeping.mutate(draft),
  };
}
