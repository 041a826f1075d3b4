import { Group, Stack, Switch, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { channels, told } from "../api/client";
import type { components } from "../api/generated/channels";
import { useMay } from "../session/context";
import { Ago } from "../shell/ago";
import { Failed } from "../shell/failed";
import { complain } from "../shell/notices";
import { Card } from "./card";

type Consent = components["schemas"]["ConsentView"];

const CHANNELS: Record<string, string> = { email: "E-mail", sms: "SMS" };
const SAID: Record<string, string> = {
  one_click: "by one click in the mail program",
  page: "on the unsubscribe page",
  api: "here or by the API",
};

/** Whether a contact may be sent marketing. */
export function Consents({ contactId }: { contactId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["contacts", contactId, "consents"],
    queryFn: () =>
      told(channels.GET("/contacts/{contact_id}/consents", { params: { path: { contact_id: contactId } } })),
    enabled: useMay("consents:read"),
  });
  return (
    <Card title="May be sent marketing">
      {error && <Failed error={error} again={() => void refetch()} />}
      <Stack gap="xs">
        {data?.items.map((one) => (
          <OneConsent key={one.channel} contactId={contactId} consent={one} />
        ))}
      </Stack>
    </Card>
  );
}

function OneConsent({ contactId, consent }: { contactId: string; consent: Consent }) {
  const queries = useQueryClient();
  const may = useMay("consents:write");
  const saying = useMutation({
    mutationFn: (status: Consent["status"]) =>
      told(
        channels.PUT("/contacts/{contact_id}/consents/{channel}", {
          params: { path: { contact_id: contactId, channel: consent.channel as "email" | "sms" } },
          body: { status },
        }),
      ),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["contacts", contactId, "consents"] }),
    onError: complain,
  });
  const subscribed = (saying.isPending ? saying.variables : consent.status) === "subscribed";
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Text size="sm">{CHANNELS[consent.channel] ?? consent.channel}</Text>
        <Text size="xs" c="dimmed">
          {consent.changed_at ? (
            <>
              {subscribed ? "Subscribed" : "Unsubscribed"} <Ago time={consent.changed_at} />{" "}
              {SAID[consent.reason ?? ""]}
            </>
          ) : (
            "Has said nothing yet"
          )}
        </Text>
      </div>
      <Switch
        checked={subscribed}
        disabled={!may}
        onChange={() => saying.mutate(subscribed ? "unsubscribed" : "subscribed")}
        aria-label={`Marketing by ${CHANNELS[consent.channel] ?? consent.channel}`}
      />
    </Group>
  );
}
