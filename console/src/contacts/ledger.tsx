import { Paper, Table, Text } from "@mantine/core";
import { IconStars } from "@tabler/icons-react";
import { points, told } from "../api/client";
import { usePages } from "../api/pages";
import { Ago } from "../shell/ago";
import { Empty } from "../shell/empty";
import { Failed } from "../shell/failed";
import { More } from "../shell/more";
import { Waiting } from "../shell/waiting";

/** What a contact's points come from, the latest first. */
export function Ledger({ contactId }: { contactId: string }) {
  const list = usePages(["contacts", contactId, "ledger"], (query) =>
    told(points.GET("/contacts/{contact_id}/ledger", { params: { path: { contact_id: contactId }, query } })),
  );
  if (list.error) return <Failed error={list.error} again={() => void list.refetch()} />;
  if (list.isPending) return <Waiting />;
  if (list.items.length === 0) {
    return (
      <Empty icon={IconStars} title="No points yet">
        Points are earned by what the contact does, as the actions under Points say, or given by hand.
      </Empty>
    );
  }
  return (
    <Paper withBorder>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th ta="right" w={80}>
              Points
            </Table.Th>
            <Table.Th>For</Table.Th>
            <Table.Th>When</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.items.map((line) => (
            <Table.Tr key={`${line.event_id}${line.action}`}>
              <Table.Td
                ta="right"
                className="numbers"
                fw={600}
                c={line.delta < 0 ? "var(--no)" : "var(--yes)"}
              >
                {line.delta > 0 ? `+${line.delta}` : line.delta}
              </Table.Td>
              <Table.Td>
                {line.action ?? line.reason}
                {line.adjusted_by && (
                  <Text size="xs" c="dimmed">
                    by {line.adjusted_by}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed">
                  <Ago time={line.at} />
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <More list={list} />
    </Paper>
  );
}
