import { useMutation, useQueryClient } from "@tanstack/react-query";
import { campaigns, told } from "../../api/client";
import type { components } from "../../api/generated/campaigns";
import { complain } from "../../shell/notices";

export type Person = components["schemas"]["PersonView"];
export type LinkKind = "invite" | "login";

export const ROLES = ["viewer", "editor", "publisher", "admin"] as const;

/** Changes a role, or whether somebody may come in. */
export function usePersonChange(person: Person) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<Pick<Person, "role" | "active" | "name">>) =>
      told(campaigns.PATCH("/people/{id}", { params: { path: { id: person.id } }, body: change })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["people"] }),
    onError: complain,
  });
}

/** Makes another link for somebody, in the place of their last one of that kind. */
export function useLink(person: Person) {
  return useMutation({
    mutationFn: async (kind: LinkKind) => {
      const { token } = await told(
        campaigns.POST("/people/{id}/links", { params: { path: { id: person.id } }, body: { kind } }),
      );
      return { kind, link: linkOf(kind, token) };
    },
    onError: complain,
  });
}

/** The secret stands behind the #, where no server logs it. */
export function linkOf(kind: LinkKind, token: string): string {
  return `${window.location.origin}/${kind}#${token}`;
}
