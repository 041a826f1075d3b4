import { channels, toldWithTag } from "../../api/client";
import type { components } from "../../api/generated/channels";
import { useDefinition } from "../editing/definition";
import { EditDrawer } from "../editing/drawer";
import { SenderForm } from "./sender-form";

export type Sender = components["schemas"]["SenderView"];

/** A sender beside the list; null for a new one. */
export function EditSender({ senderKey, onClose }: { senderKey: string | null; onClose: () => void }) {
  const query = useDefinition<Sender>(
    ["senders", "one", senderKey],
    senderKey === null
      ? null
      : () => toldWithTag(channels.GET("/senders/{key}", { params: { path: { key: senderKey } } })),
  );
  return (
    <EditDrawer title={senderKey ?? "New sender"} onClose={onClose} query={query}>
      {query.isReady && (
        <SenderForm sender={query.data?.data ?? null} etag={query.data?.etag ?? null} onClose={onClose} />
      )}
    </EditDrawer>
  );
}
