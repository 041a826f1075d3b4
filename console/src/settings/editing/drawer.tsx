import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import { Failed } from "../../shell/failed";
import { Waiting } from "../../shell/waiting";

interface EditDrawerProps {
  title: string;
  onClose: () => void;
  size?: string | number;
  /** What it waits for, if for anything. */
  query?: { isReady: boolean; error: Error | null; refetch: () => Promise<unknown> };
  children: ReactNode;
}

/** Where a definition is edited, beside the list that it stands in. */
export function EditDrawer({ title, onClose, size = 520, query, children }: EditDrawerProps) {
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={size}
      title={title}
      closeButtonProps={{ "aria-label": "Close" }}
      overlayProps={{ backgroundOpacity: 0.25 }}
      styles={{ title: { fontWeight: 600 } }}
    >
      {query?.error && <Failed error={query.error} again={() => void query.refetch()} />}
      {!query?.error && (query?.isReady === false ? <Waiting /> : children)}
    </Drawer>
  );
}
