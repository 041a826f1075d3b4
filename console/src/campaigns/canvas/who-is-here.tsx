import { Anchor, Button, Divider, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { campaigns, told } from "../../api/client";
import { Ago } from "../../shell/ago";
import { ContactName } from "../../contacts/contact-name";

const LIMIT = 20;
const EVERY_MS = 3_000;

/** The contacts who rest at a step now; a click tells how each came here and what it waits for. */
export function WhoIsHere({ campaign, step }: { campaign: string; step: string }) {
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["campaigns", campaign, "journeys at", step],
    queryFn: ({ pageParam }) =>
      told(
        campaigns.GET("/campaigns/{key}/journeys", {
          params: {
            path: { key: campaign },
            query: { step, limit: LIMIT, ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: EVERY_MS,
  });
  const journeys = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack px="md" pb="md" gap="xs" component="section" aria-label="Who is here">
      <Divider label="Here now" labelPosition="left" />
      {data && journeys.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody rests here just now.
        </Text>
      )}
      {journeys.map((journey) => (
        <Group key={journey.id} justify="space-between" wrap="nowrap">
          <Anchor component={Link} to={`/journeys/${journey.id}`} size="sm" truncate>
            <ContactName id={journey.contact_id} />
          </Anchor>
          <Text size="xs" c="dimmed">
            <Ago time={journey.positions.find((one) => one.step === step)?.arrived_at ?? journey.began_at} />
          </Text>
        </Group>
      ))}
      {hasNextPage && (
        <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          More
        </Button>
      )}
    </Stack>
  );
}
