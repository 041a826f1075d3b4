import { Anchor, Badge, Table, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { told, tracking } from "../../api/client";
import { usePages } from "../../api/pages";
import { useMay } from "../../session/context";
import { Copied } from "../../shell/copy";
import { Room } from "../editing/room";
import { useOpen } from "../editing/use-open";
import { EditSource } from "./edit-source";

export function Sources() {
  const { opened, open, make, close } = useOpen("sources");
  const may = useMay("sources:write");
  const list = usePages(["sources"], (query) => told(tracking.GET("/sources", { params: { query } })));
  const shown = list.items.find((one) => one.key === opened);
  return (
    <>
      <Room
        about="Where events come from. Each source has a write key, which your website or server sends with them."
        icon={IconPlugConnected}
        thing="source"
        nothing="A source is a website or a server that tells what contacts do. Make one, paste its snippet into your pages, and the first visitors show up under Contacts."
        heads={["Name", "Key", "Write key", "Trust"]}
        list={list}
        onMake={may ? make : undefined}
        rows={list.items.map((one) => (
          <Table.Tr key={one.key}>
            <Table.Td>
              <Anchor component="button" type="button" fw={600} size="sm" onClick={() => open(one.key)}>
                {one.name}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Text size="sm" ff="monospace">
                {one.key}
              </Text>
            </Table.Td>
            <Table.Td maw={300}>
              <Copied text={one.write_key} label={`Copy the write key of ${one.name}`} />
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={one.trusted ? "teal" : "gray"} tt="none">
                {one.trusted ? "trusted" : "public"}
              </Badge>
            </Table.Td>
          </Table.Tr>
        ))}
      />
      {(opened === null || shown) && (
        <EditSource key={opened ?? ""} source={shown ?? null} onMade={open} onClose={close} />
      )}
    </>
  );
}
