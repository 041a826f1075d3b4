import { useInfiniteQuery } from "@tanstack/react-query";

/** Some of a list, and the cursor for what follows. */
export interface Some<T> {
  items: T[];
  next_cursor?: string | null;
}

interface PagesOptions {
  /** False: ask for nothing yet. */
  enabled?: boolean;
  refetchInterval?: number;
}

/** A long list, read a page at a time by cursor. `read` is given what to add to the query. */
export function usePages<T>(
  key: readonly unknown[],
  read: (page: { limit: number; cursor?: string }) => Promise<Some<T>>,
  options: PagesOptions = {},
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read({ limit: LIMIT, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    ...options,
  });
  return { ...query, items: query.data?.pages.flatMap((page) => page.items) ?? [] };
}

const LIMIT = 50;

/** What is asked for: without what was left open. */
export function asked<T extends Record<string, string | undefined>>(wanted: T): { [K in keyof T]?: string } {
  const set = Object.entries(wanted).filter(([, value]) => value);
  return Object.fromEntries(set) as { [K in keyof T]?: string };
}
