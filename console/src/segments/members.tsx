import { ActionIcon, Anchor, Badge, Menu, Paper, Table, Text } from "@mantine/core";
import { IconDots, IconUserMinus, IconUsers, IconWand } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { segments, told } from "../api/client";
import { usePages } from "../api/pages";
import { ContactName } from "../contacts/contact-name";
import { useMay } from "../session/context";
import { Ago } from "../shell/ago";
import { Empty } from "../shell/empty";
import { Failed } from "../shell/failed";
import { More } from "../shell/more";
import { Waiting } from "../shell/waiting";
import { AddMember } from "./add-member";
import { usePlacing } from "./use-placing";

/** Who is in a segment; by hand one puts others in, and takes some out. */
export function Members({ segment }: { segment: string }) {
  const may = useMay("segments:write");
  const list = usePages(["segments", "members", segment], (page) =>
    told(segments.GET("/segments/{key}/members", { params: { path: { key: segment }, query: page } })),
  );
  const placing = usePlacing(segment);
  const add = may && <AddMember onAdd={(contact) => placing.mutate({ contact, wish: "in" })} />;
  if (list.error) return <Failed error={list.error} again={() => void list.refetch()} />;
  if (list.isPending) return <Waiting />;
  if (list.items.length === 0) {
    return (
      <Empty icon={IconUsers} title="Nobody is in it" action={add}>
        Contacts come in as soon as the rules hold for them. Put somebody in by hand, and they stay whatever
        the rules say.
      </Empty>
    );
  }
  return (
    <>
      {add && <div style={{ marginBottom: 12 }}>{add}</div>}
      <Paper withBorder>
        <Table.ScrollContainer minWidth={460}>
          <Table highlightOnHover verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Contact</Table.Th>
                <Table.Th>Since</Table.Th>
                <Table.Th w={50} aria-label="What to do" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {list.items.map(({ contact_id: contact, since, by_hand: byHand }) => (
                <Table.Tr key={contact}>
                  <Table.Td>
                    <Anchor component={Link} to={`/contacts/${contact}`} size="sm">
                      <ContactName id={contact} />
                    </Anchor>
                    {byHand && (
                      <Badge ml="xs" size="xs" variant="light" color="gray" tt="none">
                        by hand
                      </Badge>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed">
                      <Ago time={since} />
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    {may && (
                      <Menu position="bottom-end">
                        <Menu.Target>
                          <ActionIcon variant="subtle" color="gray" aria-label="What to do with this member">
                            <IconDots size={16} />
                          </ActionIcon>
                        </Menu.Target>
                        <Menu.Dropdown>
                          {byHand && (
                            <Menu.Item
                              leftSection={<IconWand size={16} />}
                              onClick={() => placing.mutate({ contact, wish: "by rules" })}
                            >
                              Leave to the rules
                            </Menu.Item>
                          )}
                          <Menu.Item
                            color="red"
                            leftSection={<IconUserMinus size={16} />}
                            onClick={() => placing.mutate({ contact, wish: "out" })}
                          >
                            Take out, whatever the rules say
                          </Menu.Item>
                        </Menu.Dropdown>
                      </Menu>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        <More list={list} />
      </Paper>
    </>
  );
}
