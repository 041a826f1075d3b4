import { Anchor, Badge, Button, Group, Paper, Table, Text } from "@mantine/core";
import { IconPlus, IconSearchOff, IconUsers } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { told, tracking } from "../api/client";
import { asked, usePages } from "../api/pages";
import { useMay } from "../session/context";
import { Ago } from "../shell/ago";
import { Empty } from "../shell/empty";
import { Failed } from "../shell/failed";
import { More } from "../shell/more";
import { Page } from "../shell/page";
import { Waiting } from "../shell/waiting";
import { nameOf } from "./contact-name";
import { Filters } from "./filters";
import { NewContact } from "./new-contact";

const LEAST_SEARCHED = 2;

export function ContactList() {
  const { search, tag } = useSearch({ from: "/inside/contacts" });
  const [making, setMaking] = useState(false);
  const may = useMay("contacts:write");
  const sought = search && search.length >= LEAST_SEARCHED ? search : undefined;
  const list = usePages(["contacts", "list", sought, tag], (page) =>
    told(tracking.GET("/contacts", { params: { query: { ...page, ...asked({ search: sought, tag }) } } })),
  );
  const make = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      New contact
    </Button>
  );
  const nobody = list.data && list.items.length === 0;
  return (
    <Page title="Contacts" about="Everybody who has been seen, and what they have told" actions={make}>
      <Filters search={search} tag={tag} />
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {nobody && (sought || tag ? <NotFound /> : <Nobody action={make} />)}
      {list.items.length > 0 && (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={680}>
            <Table highlightOnHover verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Contact</Table.Th>
                  <Table.Th>E-mail</Table.Th>
                  <Table.Th>Phone</Table.Th>
                  <Table.Th>Tags</Table.Th>
                  <Table.Th>First seen</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.items.map((one) => (
                  <Table.Tr key={one.id}>
                    <Table.Td maw={240}>
                      <Anchor
                        component={Link}
                        to={`/contacts/${one.id}`}
                        fw={600}
                        size="sm"
                        truncate
                        display="block"
                      >
                        {nameOf(one)}
                      </Anchor>
                      {one.user_id && (
                        <Text size="xs" c="dimmed" truncate>
                          {one.user_id}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td maw={260}>
                      <Text size="sm" truncate>
                        {one.email}
                      </Text>
                    </Table.Td>
                    <Table.Td className="numbers">{one.phone}</Table.Td>
                    <Table.Td>
                      <Tags tags={one.tags} />
                    </Table.Td>
                    <Table.Td>
                      <Text size="sm" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                        <Ago time={one.created_at} />
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <More list={list} />
        </Paper>
      )}
      {making && <NewContact onClose={() => setMaking(false)} />}
    </Page>
  );
}

const SHOWN = 3;

function Tags({ tags }: { tags: string[] }) {
  return (
    <Group gap={4} wrap="nowrap">
      {tags.slice(0, SHOWN).map((tag) => (
        <Badge
          key={tag}
          size="sm"
          variant="light"
          tt="none"
          renderRoot={(props) => <Link to="/contacts" search={{ tag }} {...props} />}
        >
          {tag}
        </Badge>
      ))}
      {tags.length > SHOWN && (
        <Text size="xs" c="dimmed" title={tags.join(", ")}>
          +{tags.length - SHOWN}
        </Text>
      )}
    </Group>
  );
}

function NotFound() {
  const navigate = useNavigate();
  return (
    <Empty
      icon={IconSearchOff}
      title="Nobody is like that"
      action={
        <Button variant="default" onClick={() => void navigate({ to: "/contacts", search: {} })}>
          Show everybody
        </Button>
      }
    >
      Contacts are found by the beginnings of the words of their name, e-mail, user id or phone, such as{" "}
      <em>ann exam</em>, and by their whole tag.
    </Empty>
  );
}

function Nobody({ action }: { action: React.ReactNode }) {
  return (
    <Empty
      icon={IconUsers}
      title="Nobody has been seen yet"
      action={
        <Group>
          <Button variant="default" component={Link} to="/settings/sources">
            Connect a website
          </Button>
          {action}
        </Group>
      }
    >
      A contact begins as an anonymous visitor of your website, and is known by name once a form or your code
      tells who it is. Connect a website, or write somebody in by hand.
    </Empty>
  );
}
