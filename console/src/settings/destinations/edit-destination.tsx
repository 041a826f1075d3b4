import { channels, toldWithTag } from "../../api/client";
import type { components } from "../../api/generated/channels";
import { useDefinition } from "../editing/definition";
import { EditDrawer } from "../editing/drawer";
import { DestinationForm } from "./destination-form";

export type Destination = components["schemas"]["WebhookView"] | components["schemas"]["NotifyView"];

interface EditDestinationProps {
  /** Null for a new one. */
  destinationKey: string | null;
  onClose: () => void;
}

/** A destination beside the list. */
export function EditDestination({ destinationKey: key, onClose }: EditDestinationProps) {
  const query = useDefinition<Destination>(
    ["destinations", "one", key],
    key === null
      ? null
      : () => toldWithTag(channels.GET("/destinations/{key}", { params: { path: { key } } })),
  );
  return (
    <EditDrawer title={key ?? "New destination"} onClose={onClose} query={query}>
      {query.isReady && (
        <DestinationForm
          destination={query.data?.data ?? null}
          etag={query.data?.etag ?? null}
          onClose={onClose}
        />
      )}
    </EditDrawer>
  );
}
