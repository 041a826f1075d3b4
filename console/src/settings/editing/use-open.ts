import { useNavigate, useSearch } from "@tanstack/react-router";

type Room = "sources" | "forms" | "senders" | "destinations" | "people";

/** What is open in the drawer beside a list. It stands in the address, and the way back closes it. */
export function useOpen(room: Room) {
  const { open, make } = useSearch({ from: `/inside/settings/${room}` });
  const navigate = useNavigate();
  const go = (search: { open?: string; make?: boolean }) =>
    void navigate({ to: `/settings/${room}`, search });
  return {
    /** Its key; null for a new one; undefined when nothing is open. */
    opened: make ? null : open,
    open: (key: string) => go({ open: key }),
    make: () => go({ make: true }),
    close: () => go({}),
  };
}
