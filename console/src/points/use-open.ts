import { useNavigate, useSearch } from "@tanstack/react-router";

/** What is open in the drawer beside the list. It stands in the address, and the way back closes it. */
export function useOpen() {
  const { tab, open, make } = useSearch({ from: "/inside/points" });
  const navigate = useNavigate();
  const go = (search: { open?: string; make?: boolean }) =>
    void navigate({ to: "/points", search: { tab, ...search } });
  return {
    /** Its key; null for a new one; undefined when nothing is open. */
    opened: make ? null : open,
    open: (key: string) => go({ open: key }),
    make: () => go({ make: true }),
    close: () => go({}),
  };
}
