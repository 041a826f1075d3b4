import { useQuery } from "@tanstack/react-query";
import { told, tracking } from "../api/client";

/** What a contact goes by, as far as it has told. */
export function nameOf(contact: {
  id: string;
  email: string | null;
  user_id: string | null;
  attributes: Record<string, unknown>;
}): string {
  const { first_name: first, last_name: last, name } = contact.attributes;
  const full = [first, last].filter((one) => typeof one === "string" && one).join(" ");
  if (full) return full;
  if (typeof name === "string" && name) return name;
  return contact.email ?? contact.user_id ?? `Visitor ${contact.id.slice(-6)}`;
}

export function ContactName({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: ["contacts", id],
    queryFn: () => told(tracking.GET("/contacts/{id}", { params: { path: { id } } })),
    staleTime: 60_000,
  });
  return data ? nameOf(data) : `Contact ${id.slice(-6)}`;
}
