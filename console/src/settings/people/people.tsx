import { ActionIcon, Badge, Group, Menu, Select, Table, Text } from "@mantine/core";
import { IconDots, IconLink, IconUserOff, IconUserCheck, IconUsersGroup } from "@tabler/icons-react";
import { campaigns, told } from "../../api/client";
import { usePages } from "../../api/pages";
import { useMay, useSession } from "../../session/context";
import { Room } from "../editing/room";
import { useOpen } from "../editing/use-open";
import { Invite } from "./invite";
import { LinkModal } from "./link-modal";
import { type Person, ROLES, useLink, usePersonChange } from "./use-people";

export function People() {
  const { opened, make, close } = useOpen("people");
  const may = useMay("people:write");
  const list = usePages(["people"], (query) => told(campaigns.GET("/people", { params: { query } })));
  return (
    <>
      <Room
        about="Who may use Canvass, and for what. Viewers look; editors change campaigns, messages and contacts; publishers also set campaigns going; admins also connect the world and let people in."
        icon={IconUsersGroup}
        thing="person"
        makeLabel="Invite somebody"
        nothing="Invite the people you work with. Each gets a link of their own, and chooses a password."
        heads={["Name", "E-mail", "Role", "State", ""]}
        list={list}
        onMake={may ? make : undefined}
        rows={list.items.map((one) => (
          <PersonRow key={one.id} person={one} may={may} />
        ))}
      />
      {opened === null && <Invite onClose={close} />}
    </>
  );
}

const COLOURS = { "may come in": "teal", "no password yet": "blue", "shut out": "gray" } as const;

function PersonRow({ person, may }: { person: Person; may: boolean }) {
  const me = useSession()?.person.id === person.id;
  const change = usePersonChange(person);
  const link = useLink(person);
  const state = !person.active ? "shut out" : person.accepted ? "may come in" : "no password yet";
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={600} span>
          {person.name}
        </Text>{" "}
        {me && (
          <Text size="xs" c="dimmed" span>
            (you)
          </Text>
        )}
      </Table.Td>
      <Table.Td>{person.email}</Table.Td>
      <Table.Td>
        <Select
          size="xs"
          w={130}
          data={[...ROLES]}
          value={person.role}
          disabled={!may || change.isPending}
          allowDeselect={false}
          aria-label={`Role of ${person.name}`}
          onChange={(role) => role && change.mutate({ role: role as Person["role"] })}
        />
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={COLOURS[state]} tt="none">
          {state}
        </Badge>
      </Table.Td>
      <Table.Td>
        {may && (
          <Group justify="flex-end">
            <Menu position="bottom-end" withArrow>
              <Menu.Target>
                <ActionIcon variant="subtle" color="gray" aria-label={`What to do with ${person.name}`}>
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconLink size={16} />}
                  disabled={!person.active}
                  onClick={() => link.mutate("invite")}
                >
                  {person.accepted ? "Link to a new password" : "New invite link"}
                </Menu.Item>
                <Menu.Item
                  leftSection={<IconLink size={16} />}
                  disabled={!person.active}
                  onClick={() => link.mutate("login")}
                >
                  One-time login link
                </Menu.Item>
                <Menu.Divider />
                <Menu.Item
                  {...(person.active ? { color: "red" } : {})}
                  leftSection={person.active ? <IconUserOff size={16} /> : <IconUserCheck size={16} />}
                  onClick={() => change.mutate({ active: !person.active })}
                >
                  {person.active ? "Shut out" : "Let in again"}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </Group>
        )}
        {link.data && <LinkModal {...link.data} person={person} onClose={() => link.reset()} />}
      </Table.Td>
    </Table.Tr>
  );
}
