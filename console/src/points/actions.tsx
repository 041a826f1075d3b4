import { Anchor, Badge, Table, Text } from "@mantine/core";
import { IconStars } from "@tabler/icons-react";
import { points, told } from "../api/client";
import { usePages } from "../api/pages";
import { BEHAVIOUR_WORDS, whereInWords } from "../rules/words";
import { useMay } from "../session/context";
import { Room } from "../settings/editing/room";
import { EditAction } from "./edit-action";
import { State } from "./state";
import { type ActionDraft, shortOf } from "./types";
import { useOpen } from "./use-open";

/** What earns points. */
export function Actions() {
  const { opened, open, make, close } = useOpen();
  const may = useMay("points:write");
  const list = usePages(["points", "actions"], (query) =>
    told(points.GET("/actions", { params: { query } })),
  );
  return (
    <>
      <Room
        about="Whoever does this earns so many points: each time, or once for ever. What was earned stays when an action is changed."
        icon={IconStars}
        thing="action"
        nothing="An action is worth points: 10 for a look at the prices, 5 for an opened e-mail, less than nothing for a cancelled trial. Scores rise within moments, and segments, campaigns and triggers go by them."
        heads={["Name", "When a contact", "Points", "State"]}
        list={list}
        onMake={may ? make : undefined}
        rows={list.items.map(({ key, document, active }) => {
          const action = document as ActionDraft;
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
                  {action.name}
                </Anchor>
                <Text size="xs" c="dimmed" truncate>
                  {key}
                </Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed" lineClamp={2}>
                  {inWords(action)}
                </Text>
              </Table.Td>
              <Table.Td>
                <Badge
                  variant="light"
                  color={action.delta < 0 ? "red" : "teal"}
                  className="numbers"
                  tt="none"
                >
                  {action.delta > 0 ? "+" : "−"}
                  {Math.abs(action.delta).toLocaleString()}
                  {action.repeat === "once" ? " once" : ""}
                </Badge>
              </Table.Td>
              <Table.Td>
                <State active={active} />
              </Table.Td>
            </Table.Tr>
          );
        })}
      />
      {opened !== undefined && <EditAction key={opened} actionKey={opened} onClose={close} />}
    </>
  );
}

function inWords(action: ActionDraft): string {
  const short = shortOf(action.on);
  const which = short && action[short];
  return [BEHAVIOUR_WORDS[action.on], which, whereInWords(action.where, action.on)].filter(Boolean).join(" ");
}
