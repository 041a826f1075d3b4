import { type QueryKey, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { say } from "../../shell/notices";

interface Tagged<T> {
  data: T;
  etag: string;
}

/** What is there, once it is read; of a new one nothing is. Not read again while it is edited. */
export function useDefinition<T>(key: QueryKey, read: (() => Promise<Tagged<T>>) | null) {
  const query = useQuery({
    queryKey: key,
    queryFn: () => read?.() ?? null,
    enabled: read !== null,
    gcTime: 0,
    staleTime: Infinity,
  });
  return { ...query, isReady: read === null || query.data !== undefined };
}

/** Keeps a definition; afterwards the lists that show it are read again. */
export function useKeep<T, Kept>(
  key: QueryKey,
  put: (document: T) => Promise<Kept>,
  done: (kept: Kept) => void,
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: put,
    onSuccess: (kept) => {
      void queries.invalidateQueries({ queryKey: key });
      say("Saved");
      done(kept);
    },
  });
}

/** The headers that keep two people from overwriting each other unawares. */
export function expecting(etag: string | null): { "if-match": string } | { "if-none-match": string } {
  return etag === null ? { "if-none-match": "*" } : { "if-match": etag };
}

/** A key made of a name: `Our shop!` becomes `our-shop`. */
export function keyOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
}
