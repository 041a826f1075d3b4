import { points, toldWithTag } from "../api/client";
import { useDefinition } from "../settings/editing/definition";
import { EditDrawer } from "../settings/editing/drawer";
import { TriggerForm } from "./trigger-form";
import type { TriggerDraft } from "./types";

const NEW: TriggerDraft = { name: "", at: 100, do: [{ webhook: "" }] };
const WIDTH = 620;

interface EditTriggerProps {
  /** Null for a new one. */
  triggerKey: string | null;
  onClose: () => void;
}

/** A trigger beside the list. */
export function EditTrigger({ triggerKey: key, onClose }: EditTriggerProps) {
  const query = useDefinition(
    ["points", "trigger", key],
    key === null ? null : () => toldWithTag(points.GET("/triggers/{key}", { params: { path: { key } } })),
  );
  const document = (query.data?.data.document as TriggerDraft | undefined) ?? NEW;
  return (
    <EditDrawer title={key ? document.name : "New trigger"} onClose={onClose} query={query} size={WIDTH}>
      {query.isReady && (
        <TriggerForm triggerKey={key} document={document} etag={query.data?.etag ?? null} onClose={onClose} />
      )}
    </EditDrawer>
  );
}
