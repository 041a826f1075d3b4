import { points, toldWithTag } from "../api/client";
import { useDefinition } from "../settings/editing/definition";
import { EditDrawer } from "../settings/editing/drawer";
import { ActionForm } from "./action-form";
import type { ActionDraft } from "./types";

const NEW: ActionDraft = { name: "", on: "page_viewed", delta: 10 };
const WIDTH = 620;

interface EditActionProps {
  /** Null for a new one. */
  actionKey: string | null;
  onClose: () => void;
}

/** An action beside the list. */
export function EditAction({ actionKey: key, onClose }: EditActionProps) {
  const query = useDefinition(
    ["points", "action", key],
    key === null ? null : () => toldWithTag(points.GET("/actions/{key}", { params: { path: { key } } })),
  );
  const document = (query.data?.data.document as ActionDraft | undefined) ?? NEW;
  return (
    <EditDrawer title={key ? document.name : "New action"} onClose={onClose} query={query} size={WIDTH}>
      {query.isReady && (
        <ActionForm actionKey={key} document={document} etag={query.data?.etag ?? null} onClose={onClose} />
      )}
    </EditDrawer>
  );
}
