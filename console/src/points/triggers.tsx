import { Anchor, Badge, Table, Text } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { points, told } from "../api/client";
import { usePages } from "../api/pages";
import { useMay } from "../session/context";
import { Room } from "../settings/editing/room";
import { EditTrigger } from "./edit-trigger";
import { State } from "./state";
import type { Reaction, TriggerDraft } from "./types";
import { useOpen } from "./use-open";

/** What reaching a score sets off. */
export function Triggers() {
  const { opened, open, make, close } = useOpen();
  const may = useMay("points:write");
  const list = usePages(["points", "triggers"], (query) =>
    told(points.GET("/triggers", { params: { query } })),
  );
  return (
    <>
      <Room
        about="Whoever rises to so many points sets this off, within moments. Who is above it already does not, before falling below it."
        icon={IconBolt}
        thing="trigger"
        nothing="A trigger acts when a score is reached: at 100 points your CRM is told of a hot prospect by a webhook, your sales people get a notice, or the contact is put into a segment where a campaign begins."
        heads={["Name", "At", "Does", "State"]}
        list={list}
        onMake={may ? make : undefined}
        rows={list.items.map(({ key, document, active }) => {
          const trigger = document as TriggerDraft;
          return (
            <Table.Tr key={key}>
              <Table.Td maw={240}>
                <Anchor
                  component="button"
                  type="button"
                  fw={600}
                  size="sm"
                  ta="left"
                  onClick={() => open(key)}
                >
                  {trigger.name}
                </Anchor>
                <Text size="xs" c="dimmed" truncate>
                  {key}
                </Text>
              </Table.Td>
              <Table.Td>
                <Badge variant="light" className="numbers" tt="none">
                  {trigger.at.toLocaleString()}
                  {trigger.repeat === "each_time" ? " each time" : ""}
                </Badge>
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed" lineClamp={2}>
                  {trigger.do.map(inWords).join("; ")}
                </Text>
              </Table.Td>
              <Table.Td>
                <State active={active} />
              </Table.Td>
            </Table.Tr>
          );
        })}
      />
      {opened !== undefined && <EditTrigger key={opened} triggerKey={opened} onClose={close} />}
    </>
  );
}

function inWords(reaction: Reaction): string {
  if ("webhook" in reaction) return `tells ${reaction.webhook} by webhook`;
  if ("notify" in reaction) return `notifies ${reaction.notify}`;
  return reaction.member === false ? `takes out of ${reaction.segment}` : `puts into ${reaction.segment}`;
}
