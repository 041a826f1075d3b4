import { Button, Group, Paper, Table, Text, VisuallyHidden } from "@mantine/core";
import { IconPlus, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Empty } from "../../shell/empty";
import { Failed } from "../../shell/failed";
import { More } from "../../shell/more";
import { Waiting } from "../../shell/waiting";

interface RoomProps {
  /** What this is for, in a line. */
  about: string;
  icon: TablerIcon;
  /** `sender`, with what is shown while there is none. */
  thing: string;
  nothing: ReactNode;
  heads: readonly string[];
  /** A row each. */
  rows: ReactNode[];
  list: {
    isPending: boolean;
    error: Error | null;
    refetch: () => Promise<unknown>;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => Promise<unknown>;
  };
  /** Undefined for those who may only look. */
  onMake?: (() => void) | undefined;
  makeLabel?: string;
}

/** One list of settings. */
export function Room({ about, icon, thing, nothing, heads, rows, list, onMake, makeLabel }: RoomProps) {
  const make = onMake && (
    <Button size="sm" leftSection={<IconPlus size={16} />} onClick={onMake}>
      {makeLabel ?? `New ${thing}`}
    </Button>
  );
  const empty = !list.isPending && !list.error && rows.length === 0;
  return (
    <>
      {!empty && (
        <Group justify="space-between">
          <Text size="sm" c="dimmed" maw={640}>
            {about}
          </Text>
          {make}
        </Group>
      )}
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {empty && (
        <Empty icon={icon} title={`No ${thing} yet`} action={make}>
          {nothing}
        </Empty>
      )}
      {rows.length > 0 && (
        <Paper withBorder>
          <Table.ScrollContainer minWidth={760}>
            <Table highlightOnHover verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  {heads.map((head) => (
                    <Table.Th key={head}>{head || <VisuallyHidden>Actions</VisuallyHidden>}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>{rows}</Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <More list={list} />
        </Paper>
      )}
    </>
  );
}
