import { Anchor, Badge, Button, Paper, Table, Text } from "@mantine/core";
import { IconPlus, IconSearchOff, IconUsersGroup } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { segments, told } from "../api/client";
import { usePages } from "../api/pages";
import { inWords } from "../rules/words";
import { useMay } from "../session/context";
import { Ago } from "../shell/ago";
import { Empty } from "../shell/empty";
import { Failed } from "../shell/failed";
import { More } from "../shell/more";
import { Page } from "../shell/page";
import { SearchField } from "../shell/search-field";
import { Waiting } from "../shell/waiting";
import { NewSegment } from "./new-segment";
import { nameOfSegment, type SegmentView } from "./types";

const EVERY_MS = 5_000;

export function SegmentList() {
  const { search = "", make } = useSearch({ from: "/inside/segments" });
  const navigate = useNavigate();
  const may = useMay("segments:write");
  const list = usePages(
    ["segments", "list"],
    (page) => told(segments.GET("/segments", { params: { query: page } })),
    { refetchInterval: EVERY_MS },
  );
  const go = (to: { search?: string | undefined; make?: true }) =>
    void navigate({ to: "/segments", search: to, replace: !to.make });
  const button = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => go({ make: true })}>
      New segment
    </Button>
  );
  const found = list.items.filter((one) => isMeant(one, search));
  return (
    <Page
      title="Segments"
      about="Contacts who have something in common, kept current as they act"
      actions={button}
    >
      {list.items.length > 0 && (
        <SearchField
          label="Search segments"
          placeholder="Name or key"
          value={search}
          onSearch={(text) => go({ search: text || undefined })}
        />
      )}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.data && list.items.length === 0 && (
        <Empty icon={IconUsersGroup} title="No segment yet" action={button}>
          A segment is a question about contacts, such as{" "}
          <em>who is in Canada and has more than 50 points</em>. Contacts enter and leave it within moments,
          and campaigns begin when they do.
        </Empty>
      )}
      {list.items.length > 0 && found.length === 0 && (
        <Empty
          icon={IconSearchOff}
          title="No segment is called like that"
          action={
            <Button variant="default" onClick={() => go({})}>
              Show all
            </Button>
          }
        >
          {list.hasNextPage
            ? "Only those that are loaded were searched: load more of them below."
            : "Segments are found by any part of their name or key."}
        </Empty>
      )}
      {found.length > 0 && <Found found={found} />}
      {list.data && <More list={list} />}
      {make && <NewSegment onClose={() => go({ search: search || undefined })} />}
    </Page>
  );
}

function Found({ found }: { found: SegmentView[] }) {
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={640}>
        <Table highlightOnHover verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Who</Table.Th>
              <Table.Th ta="right">Members</Table.Th>
              <Table.Th>Changed</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((one) => (
              <Table.Tr key={one.key}>
                <Table.Td maw={260}>
                  <Anchor component={Link} to={`/segments/${one.key}`} fw={600} truncate display="block">
                    {nameOfSegment(one)}
                  </Anchor>
                  <Text size="xs" c="dimmed" truncate>
                    {one.key}
                  </Text>
                </Table.Td>
                <Table.Td maw={420}>
                  <Text size="sm" c="dimmed" lineClamp={2}>
                    {inWords(one.document["rules"])}
                  </Text>
                </Table.Td>
                <Table.Td ta="right" className="numbers">
                  {one.members.toLocaleString()}
                  {!one.built && (
                    <Badge ml="xs" size="xs" variant="light" color="orange">
                      being counted
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed">
                    <Ago time={one.updated_at} />
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function isMeant(one: SegmentView, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const told = `${one.key} ${nameOfSegment(one)}`.toLowerCase();
  return words.every((word) => told.includes(word));
}
