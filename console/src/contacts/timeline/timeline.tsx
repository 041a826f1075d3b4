import { Alert, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconTimeline } from "@tabler/icons-react";
import { Fragment } from "react";
import { Empty } from "../../shell/empty";
import { More } from "../../shell/more";
import { Waiting } from "../../shell/waiting";
import { EntryLine } from "./entry";
import { type Entry, type Kind, KINDS } from "./happenings";
import { useTimeline } from "./use-timeline";

interface TimelineProps {
  contactId: string;
  shown: Kind | undefined;
  onShow: (kind: Kind | undefined) => void;
}

/** All that happened to a contact, whichever service knows it, the youngest first. */
export function Timeline({ contactId, shown, onShow }: TimelineProps) {
  const timeline = useTimeline(contactId, shown);
  const { entries, isPending, hasNextPage } = timeline;
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="What of the timeline is shown"
        data={[{ value: "", label: "Everything" }, ...KINDS]}
        value={shown ?? ""}
        onChange={(value) => onShow(KINDS.find((one) => one.value === value)?.value)}
        style={{ alignSelf: "flex-start" }}
      />
      {timeline.failures.map(({ label, list }) => (
        <Alert key={label} color="orange" title={`${label} cannot be shown just now`} p="xs">
          {list.error?.message}
        </Alert>
      ))}
      {isPending && entries.length === 0 && <Waiting label="Reading the timeline" />}
      {!isPending && !hasNextPage && entries.length === 0 && (
        <Empty icon={IconTimeline} title="Nothing has happened yet">
          Here stands what the contact does, the campaigns it walks through, and the messages it is sent, as
          soon as there are any.
        </Empty>
      )}
      {entries.length > 0 && (
        <Paper withBorder px="md" py="xs">
          {entries.map((entry, i) => (
            <Fragment key={`${entry.kind}${entry.id}`}>
              {dayOf(entry) !== dayOf(entries[i - 1]) && (
                <Text size="xs" fw={600} c="dimmed" pt={i === 0 ? 4 : "md"} pb={4}>
                  {dayOf(entry)}
                </Text>
              )}
              <EntryLine entry={entry} />
            </Fragment>
          ))}
          <More list={timeline} />
        </Paper>
      )}
    </Stack>
  );
}

const DAY = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

function dayOf(entry: Entry | undefined): string | null {
  return entry ? DAY.format(new Date(entry.at)) : null;
}
