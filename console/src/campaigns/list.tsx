import { Anchor, Badge, Button, Group, Paper, Table, Text } from "@mantine/core";
import { IconPlus, IconTopologyStar3 } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { campaigns, told } from "../api/client";
import { useMay } from "../session/context";
import { Ago } from "../shell/ago";
import { Empty } from "../shell/empty";
import { Failed } from "../shell/failed";
import { Page } from "../shell/page";
import { Waiting } from "../shell/waiting";
import { NewCampaign } from "./new-campaign";
import { Sparkline } from "./sparkline";

const LIMIT = 50;
const EVERY_MS = 5_000;
const COLOURS = { draft: "gray", published: "teal", paused: "orange" } as const;

export function CampaignList() {
  const [making, setMaking] = useState(false);
  const may = useMay("campaigns:write");
  const list = useInfiniteQuery({
    queryKey: ["campaigns", "list"],
    queryFn: ({ pageParam }) =>
      told(
        campaigns.GET("/campaigns", {
          params: { query: { limit: LIMIT, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: EVERY_MS,
  });
  const make = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      New campaign
    </Button>
  );
  const found = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title="Campaigns" about="What happens to contacts, step by step, as they do things" actions={make}>
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.data && found.length === 0 && (
        <Empty icon={IconTopologyStar3} title="No campaign yet" action={make}>
          A campaign begins with a source, such as a segment or a form, and walks every contact through
          e-mails, waits, decisions and conditions that you draw.
        </Empty>
      )}
      {found.length > 0 && (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={720}>
            <Table highlightOnHover verticalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Status</Table.Th>
                  <Table.Th>Begins with</Table.Th>
                  <Table.Th ta="right">Under way</Table.Th>
                  <Table.Th ta="right">Done</Table.Th>
                  <Table.Th ta="right">Sent</Table.Th>
                  <Table.Th>Entered, last 14 days</Table.Th>
                  <Table.Th>Changed</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {found.map((one) => (
                  <Table.Tr key={one.key}>
                    <Table.Td>
                      <Anchor component={Link} to={`/campaigns/${one.key}`} fw={600}>
                        {one.name}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {one.key}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Badge variant="light" color={COLOURS[one.status]} title={one.reason ?? undefined}>
                        {one.status}
                      </Badge>
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm">{one.sources.join(", ")}</Text>
                    </Table.Td>
                    <Table.Td ta="right" className="numbers">
                      {one.under_way.toLocaleString()}
                    </Table.Td>
                    <Table.Td ta="right" className="numbers">
                      {one.ended.toLocaleString()}
                    </Table.Td>
                    <Table.Td ta="right" className="numbers">
                      {one.sent.toLocaleString()}
                    </Table.Td>
                    <Table.Td>
                      <Sparkline values={one.entered_by_day} label={`Entered ${one.name}, by day`} />
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                        <Ago time={one.updated_at} />
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {list.hasNextPage && (
            <Group justify="center" p="sm">
              <Button
                variant="default"
                loading={list.isFetchingNextPage}
                onClick={() => void list.fetchNextPage()}
              >
                More
              </Button>
            </Group>
          )}
        </Paper>
      )}
      {making && <NewCampaign onClose={() => setMaking(false)} />}
    </Page>
  );
}
