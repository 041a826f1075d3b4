import { Anchor, Badge, Group, Table, Text } from "@mantine/core";
import { IconForms } from "@tabler/icons-react";
import { told, tracking } from "../../api/client";
import { usePages } from "../../api/pages";
import { useMay } from "../../session/context";
import { Ago } from "../../shell/ago";
import { useConfig } from "../../shell/use-config";
import { Room } from "../editing/room";
import { useOpen } from "../editing/use-open";
import { EditForm } from "./edit-form";

export function Forms() {
  const { opened, open, make, close } = useOpen("forms");
  const may = useMay("forms:write");
  const host = useConfig()?.tracking;
  const list = usePages(["forms", "list"], (query) => told(tracking.GET("/forms", { params: { query } })));
  return (
    <>
      <Room
        about="What visitors fill in to tell who they are. A form has a page of its own, and can be put into any page of yours."
        icon={IconForms}
        thing="form"
        nothing="A form turns an anonymous visitor into a contact: what is filled in becomes the e-mail, the phone or attributes. Campaigns begin with a form, and decide by one."
        heads={["Name", "Key", "Asks for", "Confirmed", "Changed"]}
        list={list}
        onMake={may ? make : undefined}
        rows={list.items.map(({ key, document, updated_at }) => (
          <Table.Tr key={key}>
            <Table.Td>
              <Anchor component="button" type="button" fw={600} size="sm" onClick={() => open(key)}>
                {document.name}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Text size="sm" ff="monospace">
                {key}
              </Text>
            </Table.Td>
            <Table.Td maw={260}>
              <Text size="sm" truncate>
                {document.fields.map((field) => field.label || field.name).join(", ")}
              </Text>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={document.confirm ? "teal" : "gray"} tt="none">
                {document.confirm ? "by e-mail" : "at once"}
              </Badge>
            </Table.Td>
            <Table.Td>
              <Group gap="sm" wrap="nowrap">
                <Text size="sm" c="dimmed">
                  <Ago time={updated_at} />
                </Text>
                {host && (
                  <Anchor href={`${host}/forms/${key}/page`} target="_blank" rel="noreferrer" size="sm">
                    Open
                  </Anchor>
                )}
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      />
      {opened !== undefined && <EditForm key={opened} formKey={opened} onMade={open} onClose={close} />}
    </>
  );
}
