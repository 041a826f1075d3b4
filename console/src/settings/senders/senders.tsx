import { Anchor, Badge, Table, Text } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { channels, told } from "../../api/client";
import { usePages } from "../../api/pages";
import { useMay } from "../../session/context";
import { Ago } from "../../shell/ago";
import { Room } from "../editing/room";
import { useOpen } from "../editing/use-open";
import { EditSender } from "./edit-sender";

export const KINDS = { smtp: "E-mail", sms: "SMS" } as const;

export function Senders() {
  const { opened, open, make, close } = useOpen("senders");
  const may = useMay("senders:write");
  const list = usePages(["senders", "list"], (query) =>
    told(channels.GET("/senders", { params: { query } })),
  );
  return (
    <>
      <Room
        about="By whom messages are sent. A message names its sender, or goes by the one called default, or by the only one of its kind."
        icon={IconSend}
        thing="sender"
        nothing="Until there is one, nothing reaches the world: messages are kept in the outbox, where you can look at them. Add your mail server, or your provider of SMS, to send for real."
        heads={["Key", "Kind", "From", "Server", "Changed"]}
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
                {KINDS[one.kind]}
              </Badge>
            </Table.Td>
            <Table.Td>{one.from}</Table.Td>
            <Table.Td maw={300}>
              <Text size="xs" ff="monospace" truncate>
                {one.url}
              </Text>
            </Table.Td>
            <Table.Td>
              <Text size="sm" c="dimmed">
                <Ago time={one.updated_at} />
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      />
      {opened !== undefined && <EditSender key={opened} senderKey={opened} onClose={close} />}
    </>
  );
}
