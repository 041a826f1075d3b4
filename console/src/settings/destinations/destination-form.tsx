import {
  Alert,
  Button,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { channels, told } from "../../api/client";
import { useMay } from "../../session/context";
import { Copy } from "../../shell/copy";
import { fieldsOf } from "../../shell/problems";
import { expecting, useKeep } from "../editing/definition";
import { KeyField, wrongKey } from "../editing/key-field";
import { Refusal } from "../editing/refusal";
import type { Destination } from "./edit-destination";
import { documentOf, type DestinationValues, valuesOf } from "./values";

const FIELDS = ["key", "url", "secret", "to", "subject", "text"] as const;

interface DestinationFormProps {
  destination: Destination | null;
  etag: string | null;
  onClose: () => void;
}

export function DestinationForm({ destination, etag, onClose }: DestinationFormProps) {
  const may = useMay("destinations:write");
  const form = useForm<DestinationValues>({
    initialValues: valuesOf(destination),
    validate: {
      key: (key) => wrongKey(key),
      url: (url, { kind }) =>
        kind === "notify" || /^https?:\/\/\S+$/.test(url.trim())
          ? null
          : "An address that begins with https://",
      to: (to, { kind }) => (kind === "webhook" || to.length > 0 ? null : "At least one address"),
    },
  });
  const { kind, secret } = form.values;
  const keeping = useKeep(
    ["destinations"],
    (values: DestinationValues) =>
      told(
        channels.PUT("/destinations/{key}", {
          params: { path: { key: values.key }, header: expecting(etag) },
          body: documentOf(values),
        }),
      ),
    onClose,
  );
  const keep = (values: DestinationValues) =>
    keeping.mutate(values, { onError: (error) => form.setErrors(fieldsOf(error)) });
  return (
    <form onSubmit={form.onSubmit(keep)}>
      <fieldset disabled={!may} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="sm">
          <Refusal error={keeping.error} isNew={!destination} fields={FIELDS} />
          {destination?.disabled && (
            <Alert color="red" title="Nothing is sent there any more">
              {destination.disabled} Save to go on.
            </Alert>
          )}
          {!destination && (
            <>
              <SegmentedControl
                aria-label="Kind of destination"
                data={[
                  { value: "webhook", label: "Webhook" },
                  { value: "notify", label: "Notice to people" },
                ]}
                {...form.getInputProps("kind")}
              />
              <KeyField placeholder={kind === "webhook" ? "crm" : "sales"} {...form.getInputProps("key")} />
            </>
          )}
          {kind === "webhook" ? (
            <>
              <TextInput
                label="Address"
                placeholder="https://crm.example.com/hooks/canvass"
                description="Is sent a signed POST (Standard Webhooks) with the contact and the values"
                {...form.getInputProps("url")}
              />
              <PasswordInput
                label="Secret"
                description="The receiver checks signatures with it. Leave it empty and one is made"
                autoComplete="off"
                leftSection={
                  secret && secret !== "***" ? <Copy text={secret} label="Copy the secret" /> : null
                }
                {...form.getInputProps("secret")}
              />
            </>
          ) : (
            <>
              <TagsInput label="To" placeholder="sales@example.com" {...form.getInputProps("to")} />
              <TextInput
                label="Subject"
                placeholder="{{ contact.email }} is a hot lead"
                description="Liquid, as in messages. Used when a campaign names no message"
                {...form.getInputProps("subject")}
              />
              <Textarea label="Text" autosize minRows={4} maxRows={14} {...form.getInputProps("text")} />
            </>
          )}
          {may && (
            <Group justify="flex-end">
              <Button type="submit" loading={keeping.isPending}>
                {destination ? "Save" : "Add the destination"}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}
