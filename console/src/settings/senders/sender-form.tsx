import { Button, Group, NumberInput, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { channels, told } from "../../api/client";
import { useMay } from "../../session/context";
import { fieldsOf } from "../../shell/problems";
import { expecting, useKeep } from "../editing/definition";
import { KeyField, wrongKey } from "../editing/key-field";
import { Refusal } from "../editing/refusal";
import type { Sender } from "./edit-sender";
import { readServer, writeServer } from "./mail-server";
import { ServerFields } from "./server-fields";
import { SmsFields } from "./sms-fields";

const FIELDS = ["key", "from", "connections", "account", "token", "url"] as const;

export interface SenderValues {
  key: string;
  kind: "smtp" | "sms";
  server: ReturnType<typeof readServer>;
  /** Of `sms`: the provider's base; empty for Twilio's own. */
  url: string;
  account: string;
  token: string;
  from: string;
  connections: number;
}

interface SenderFormProps {
  sender: Sender | null;
  etag: string | null;
  onClose: () => void;
}

export function SenderForm({ sender, etag, onClose }: SenderFormProps) {
  const may = useMay("senders:write");
  const form = useForm<SenderValues>({
    initialValues: valuesOf(sender),
    validate: {
      key: (key) => wrongKey(key),
      server: {
        host: (host, { kind }) => (kind === "sms" || host.trim() ? null : "Such as mail.example.com"),
      },
      from: (from) => (from.trim() ? null : "By whom the message is sent"),
    },
  });
  const { kind } = form.values;
  const keeping = useKeep(
    ["senders"],
    (values: SenderValues) =>
      told(
        channels.PUT("/senders/{key}", {
          params: { path: { key: values.key }, header: expecting(etag) },
          body: documentOf(values),
        }),
      ),
    onClose,
  );
  const keep = (values: SenderValues) =>
    keeping.mutate(values, { onError: (error) => form.setErrors(fieldsOf(error)) });
  return (
    <form onSubmit={form.onSubmit(keep)}>
      <fieldset disabled={!may} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="sm">
          <Refusal error={keeping.error} isNew={!sender} fields={FIELDS} />
          {!sender && (
            <SegmentedControl
              aria-label="Kind of sender"
              data={[
                { value: "smtp", label: "E-mail (SMTP)" },
                { value: "sms", label: "SMS" },
              ]}
              {...form.getInputProps("kind")}
            />
          )}
          {!sender && <KeyField placeholder="default" {...form.getInputProps("key")} />}
          <TextInput
            label="From"
            data-autofocus
            placeholder={kind === "smtp" ? "Acme <hello@example.com>" : "+14165550123"}
            description={kind === "smtp" ? "A name and an address" : "A telephone number, or a name"}
            {...form.getInputProps("from")}
          />
          {kind === "smtp" ? <ServerFields form={form} /> : <SmsFields form={form} />}
          <NumberInput
            label="Connections"
            description="How many messages each process hands over at once"
            min={1}
            max={100}
            allowDecimal={false}
            {...form.getInputProps("connections")}
          />
          {may && (
            <Group justify="flex-end">
              <Button type="submit" loading={keeping.isPending}>
                {sender ? "Save" : "Add the sender"}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

function valuesOf(sender: Sender | null): SenderValues {
  return {
    key: sender?.key ?? "default",
    kind: sender?.kind ?? "smtp",
    server: readServer(sender?.kind === "sms" ? "" : (sender?.url ?? "")),
    url: sender?.kind === "sms" ? (sender.url ?? "") : "",
    account: sender?.account ?? "",
    token: sender?.token ?? "",
    from: sender?.from ?? "",
    connections: sender?.connections ?? 5,
  };
}

function documentOf({ kind, server, url, account, token, from, connections }: SenderValues) {
  return kind === "smtp"
    ? { kind, url: writeServer(server), from, connections }
    : { kind, url: url.trim() || null, account, token, from, connections };
}
