import { Anchor, Badge, Button, Paper, Table, Text } from "@mantine/core";
import { IconMessage2, IconPlus, IconSearchOff } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { channels, told } from "../api/client";
import { usePages } from "../api/pages";
import { useMay } from "../session/context";
import { Ago } from "../shell/ago";
import { Empty } from "../shell/empty";
import { Failed } from "../shell/failed";
import { More } from "../shell/more";
import { Page } from "../shell/page";
import { SearchField } from "../shell/search-field";
import { Waiting } from "../shell/waiting";
import { NewMessage } from "./new-message";
import { CHANNEL_WORDS, type TemplateView } from "./types";

export function MessageList() {
  const { search = "", make } = useSearch({ from: "/inside/messages" });
  const navigate = useNavigate();
  const may = useMay("templates:write");
  const list = usePages(["messages", "list"], (page) =>
    told(channels.GET("/templates", { params: { query: page } })),
  );
  const go = (to: { search?: string | undefined; make?: true }) =>
    void navigate({ to: "/messages", search: to, replace: !to.make });
  const button = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => go({ make: true })}>
      New message
    </Button>
  );
  const found = list.items.filter((one) => isMeant(one, search));
  return (
    <Page title="Messages" about="What campaigns, forms and triggers write to contacts" actions={button}>
      {list.items.length > 0 && (
        <SearchField
          label="Search messages"
          placeholder="Name, key or subject"
          value={search}
          onSearch={(text) => go({ search: text || undefined })}
        />
      )}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {list.data && list.items.length === 0 && (
        <Empty icon={IconMessage2} title="No message yet" action={button}>
          A message is an e-mail or an SMS that speaks to each contact by name. Begin with one of five
          designs, see it as a contact would, send it to yourself; then let a campaign send it.
        </Empty>
      )}
      {list.items.length > 0 && found.length === 0 && (
        <Empty icon={IconSearchOff} title="No message is called like that">
          {list.hasNextPage
            ? "Only those that are loaded were searched: load more of them below."
            : "Messages are found by any part of their name, key or subject."}
        </Empty>
      )}
      {found.length > 0 && <Found found={found} />}
      {list.data && <More list={list} />}
      {make && <NewMessage onClose={() => go({ search: search || undefined })} />}
    </Page>
  );
}

function Found({ found }: { found: TemplateView[] }) {
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={600}>
        <Table highlightOnHover verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Says</Table.Th>
              <Table.Th>Changed</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((one) => (
              <Table.Tr key={one.key}>
                <Table.Td maw={260}>
                  <Anchor component={Link} to={`/messages/${one.key}`} fw={600} truncate display="block">
                    {one.name}
                  </Anchor>
                  <Text size="xs" c="dimmed" truncate>
                    {one.key}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color={one.channel === "sms" ? "grape" : "blue"} tt="none">
                    {CHANNEL_WORDS[one.channel]}
                  </Badge>
                </Table.Td>
                <Table.Td maw={380}>
                  <Text size="sm" c="dimmed" truncate>
                    {one.subject || one.text}
                  </Text>
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

function isMeant(one: TemplateView, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const told = `${one.key} ${one.name} ${one.subject}`.toLowerCase();
  return words.every((word) => told.includes(word));
}
