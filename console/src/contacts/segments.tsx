import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { segments, told } from "../api/client";
import { useMay } from "../session/context";
import { Ago } from "../shell/ago";
import { Failed } from "../shell/failed";
import { Card } from "./card";

/** Where a contact belongs. */
export function Segments({ contactId }: { contactId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["contacts", contactId, "segments"],
    queryFn: () =>
      told(segments.GET("/contacts/{contact_id}/segments", { params: { path: { contact_id: contactId } } })),
    enabled: useMay("segments:read"),
    refetchInterval: 10_000,
  });
  return (
    <Card title="Segments">
      {error && <Failed error={error} again={() => void refetch()} />}
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          In none
        </Text>
      )}
      <Stack gap={4}>
        {data?.items.map((one) => (
          <Group key={one.segment} justify="space-between" wrap="nowrap">
            <Anchor component={Link} to={`/segments/${one.segment}`} size="sm" truncate>
              {one.segment}
            </Anchor>
            <Text size="xs" c="dimmed" flex="none">
              <Ago time={one.since} />
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
