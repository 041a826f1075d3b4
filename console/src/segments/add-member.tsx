import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { told, tracking } from "../api/client";
import { nameOf } from "../contacts/contact-name";

const PAUSE_MS = 250;
const SHOWN = 10;
const LEAST_SEARCHED = 2;

/** Finds a contact by name, e-mail, phone or user id, to be put in by hand. */
export function AddMember({ onAdd }: { onAdd: (contact: string) => void }) {
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const enough = search.length >= LEAST_SEARCHED;
  const { data = [] } = useQuery({
    queryKey: ["contacts", "found", search],
    queryFn: async () =>
      (await told(tracking.GET("/contacts", { params: { query: { search, limit: SHOWN } } }))).items,
    enabled: enough,
    placeholderData: keepPreviousData,
  });
  const found = enough ? data : [];
  return (
    <Select
      aria-label="Put somebody in by hand"
      placeholder="Put somebody in by hand: name, e-mail, phone…"
      leftSection={<IconUserPlus size={16} />}
      w={{ base: "100%", sm: 380 }}
      searchable
      value={null}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      data={found.map((one) => ({ value: one.id, label: labelOf(nameOf(one), one.email) }))}
      nothingFoundMessage={enough ? "Nobody is called like that" : "Type the beginning of a word"}
      onChange={(contact) => {
        if (contact) onAdd(contact);
        setTyped("");
      }}
    />
  );
}

function labelOf(name: string, email: string | null): string {
  return email && email !== name ? `${name} · ${email}` : name;
}
