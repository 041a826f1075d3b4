import { useMutation, useQueryClient } from "@tanstack/react-query";
import { told, tracking } from "../api/client";
import type { components } from "../api/generated/tracking";
import type { Contact } from "./types";

type Patch = Partial<components["schemas"]["ContactPatch"]>;

/** Changes what is named of a contact; null takes a value away. */
export function useChange(contact: Contact, done?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (patch: Patch) =>
      told(
        tracking.PATCH("/contacts/{id}", {
          params: { path: { id: contact.id } },
          body: patch as components["schemas"]["ContactPatch"],
        }),
      ),
    onSuccess: (changed) => {
      queries.setQueryData(["contacts", contact.id], changed);
      void queries.invalidateQueries({ queryKey: ["contacts"] });
      done?.();
    },
  });
}
