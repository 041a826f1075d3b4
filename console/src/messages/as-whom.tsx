import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { told, tracking } from "../api/client";
import { nameOf } from "../contacts/contact-name";

const PAUSE_MS = 250;
const SHOWN = 10;
const LEAST_SEARCHED = 2;

interface AsWhomProps {
  value: string | undefined;
  onChange: (contact: string | undefined) => void;
}

/** To whom the message speaks in its preview. */
export function AsWhom({ value, onChange }: AsWhomProps) {
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const { data: chosen } = useQuery({
    queryKey: ["contacts", value],
    queryFn: () => told(tracking.GET("/contacts/{id}", { params: { path: { id: value ?? "" } } })),
    enabled: value !== undefined,
    staleTime: 60_000,
  });
  const name = chosen && nameOf(chosen);
  const asked = search === name || search.length < LEAST_SEARCHED ? undefined : search;
  const { data: found = [] } = useQuery({
    queryKey: ["contacts", "found", asked ?? ""],
    queryFn: async () => {
      const query = { limit: SHOWN, ...(asked ? { search: asked } : {}) };
      return (await told(tracking.GET("/contacts", { params: { query } }))).items;
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const all = chosen && !found.some((one) => one.id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      size="xs"
      aria-label="As whom it is shown"
      placeholder="As Ann Example, who is made up"
      style={{ flex: 1, maxWidth: 300 }}
      searchable
      clearable
      value={value ?? null}
      searchValue={typed}
      onSearchChange={setTyped}
      filter={({ options }) => options}
      data={all.map((one) => ({ value: one.id, label: nameOf(one) }))}
      nothingFoundMessage="Nobody is called like that"
      onChange={(contact) => onChange(contact ?? undefined)}
    />
  );
}
