import { ActionIcon, Button, Code, Group, Paper, Table, Text } from "@mantine/core";
import { IconListDetails, IconPencil, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMay } from "../session/context";
import { Empty } from "../shell/empty";
import { EditAttribute } from "./edit-attribute";
import type { Contact } from "./types";

/** What a contact has told, or was told of it. */
export function Attributes({ contact }: { contact: Contact }) {
  const may = useMay("contacts:write");
  const [editing, setEditing] = useState<string | null>(null);
  const names = Object.keys(contact.attributes).sort();
  const add = may && (
    <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEditing("")}>
      Add an attribute
    </Button>
  );
  return (
    <>
      {names.length === 0 ? (
        <Empty icon={IconListDetails} title="Nothing is known yet" action={add}>
          Attributes such as country or plan come from the traits that your website identifies a visitor with,
          from forms, or by hand. Segments, conditions and messages use them.
        </Empty>
      ) : (
        <Paper withBorder>
          <Table verticalSpacing={6} layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w="35%">Attribute</Table.Th>
                <Table.Th>Value</Table.Th>
                <Table.Th w={48} aria-label="Edit" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {names.map((name) => (
                <Table.Tr key={name}>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{name}</Table.Td>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>
                    <Value value={contact.attributes[name]} />
                  </Table.Td>
                  <Table.Td>
                    {may && (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-label={`Edit ${name}`}
                        onClick={() => setEditing(name)}
                      >
                        <IconPencil size={15} />
                      </ActionIcon>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Group p="sm">{add}</Group>
        </Paper>
      )}
      {editing !== null && (
        <EditAttribute contact={contact} name={editing} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

function Value({ value }: { value: unknown }) {
  if (typeof value === "string") return value;
  if (typeof value === "number") return <span className="numbers">{value}</span>;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value) && value.every((one) => typeof one !== "object")) return value.join(", ");
  return value === null ? (
    <Text c="dimmed" span>
      –
    </Text>
  ) : (
    <Code block fz="xs">
      {JSON.stringify(value, null, 2)}
    </Code>
  );
}
