import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { channels, told } from "../api/client";
import type { MessageDraft } from "./types";

const LIMIT = 100;

interface SenderFieldProps {
  draft: MessageDraft;
  readOnly: boolean;
  onChange: (sender: string | null) => void;
}

/** By whom it is sent: the default sender of its channel, unless it names another. */
export function SenderField({ draft, readOnly, onChange }: SenderFieldProps) {
  const { data = [] } = useQuery({
    queryKey: ["senders", "to choose"],
    queryFn: async () =>
      (await told(channels.GET("/senders", { params: { query: { limit: LIMIT } } }))).items,
    staleTime: 30_000,
  });
  const kind = draft.channel === "sms" ? "sms" : "smtp";
  const keys = data.filter((one) => one.kind === kind).map((one) => one.key);
  const all = draft.sender && !keys.includes(draft.sender) ? [draft.sender, ...keys] : keys;
  return (
    <Select
      label="Sender"
      placeholder={keys.length ? "The default one" : "None yet: the outbox keeps it"}
      data={all}
      value={draft.sender}
      disabled={readOnly || !all.length}
      clearable
      onChange={onChange}
    />
  );
}
