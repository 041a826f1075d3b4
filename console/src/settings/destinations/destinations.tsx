import { Anchor, Badge, Table, Text } from "@mantine/core";
import { IconWebhook } from "@tabler/icons-react";
import { channels, told } from "../../api/client";
import { usePages } from "../../api/pages";
import { useMay } from "../../session/context";
import { Ago } from "../../shell/ago";
import { Room } from "../editing/room";
import { useOpen } from "../editing/use-open";
import { EditDestination } from "./edit-destination";

export function Destinations() {
  const { opened, open, make, close } = useOpen("destinations");
  const may = useMay("destinations:write");
  const list = usePages(["destinations", "list"], (query) =>
    told(channels.GET("/destinations", { params: { query } })),
  );
  return (
    <>
      <Room
        about="Where campaigns and triggers send what is not for the contact: to other systems by signed webhooks, and to your own people by e-mail."
        icon={IconWebhook}
        thing="destination"
        nothing="A destination is another system, such as your CRM, that is told of a contact by a signed webhook; or people of yours who are sent a notice. Campaigns and triggers name it by its key."
        heads={["Key", "Kind", "Where to", "State", "Changed"]}
        list={list}
        onMake={may ? make : undefined}
        rows={list.items.map((one) => (
          <Table.Tr key={one.key}>
            <Table.Td>
              <Anchor component="button" type="button" fw={600} size="sm" onClick={() => open(one.key)}>
                {one.key}
              </Anchor>
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color="gray" tt="none">
                {one.kind === "webhook" ? "Webhook" : "Notice"}
              </Badge>
            </Table.Td>
            <Table.Td maw={320}>
              <Text size="sm" truncate>
                {one.kind === "webhook" ? one.url : one.to.join(", ")}
              </Text>
            </Table.Td>
            <Table.Td>
              <Badge
                variant="light"
                color={one.disabled ? "red" : "teal"}
                tt="none"
                title={one.disabled ?? undefined}
              >
                {one.disabled ? "disabled" : "in use"}
              </Badge>
            </Table.Td>
            <Table.Td>
              <Text size="sm" c="dimmed">
                <Ago time={one.updated_at} />
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      />
      {opened !== undefined && <EditDestination key={opened} destinationKey={opened} onClose={close} />}
    </>
  );
}
