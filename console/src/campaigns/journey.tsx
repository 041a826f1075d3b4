import { Anchor, Badge, Code, Group, Paper, Stack, Text, Timeline } from "@mantine/core";
import { IconCheck, IconClockHour4, IconFlag, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { campaigns, told } from "../api/client";
import { ContactName } from "../contacts/contact-name";
import { Ago } from "../shell/ago";
import { Failed } from "../shell/failed";
import { Page } from "../shell/page";
import { Waiting } from "../shell/waiting";
import { waitsFor, went } from "./why";

const EVERY_MS = 2_000;

/** One contact's walk through one campaign: where it went, why, and what it waits for. */
export function JourneyPage() {
  const { id } = useParams({ from: "/inside/journeys/$id" });
  const { data, error, refetch } = useQuery({
    queryKey: ["journeys", id],
    queryFn: () => told(campaigns.GET("/journeys/{journey_id}", { params: { path: { journey_id: id } } })),
    refetchInterval: EVERY_MS,
  });
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Waiting />;
  return (
    <Page
      title="Journey"
      about={
        <>
          <Anchor component={Link} to={`/contacts/${data.contact_id}`}>
            <ContactName id={data.contact_id} />
          </Anchor>{" "}
          through{" "}
          <Anchor component={Link} to={`/campaigns/${data.campaign}`}>
            {data.campaign}
          </Anchor>
          , version {data.version}
          {data.entry > 1 && `, the ${data.entry}. time`}
        </>
      }
    >
      <Paper withBorder p="lg" maw={760}>
        <Timeline bulletSize={26} lineWidth={2} active={data.timeline.length}>
          <Timeline.Item bullet={<IconFlag size={14} />} title="Entered">
            <When time={data.began_at} />
          </Timeline.Item>
          {data.timeline.map((entry) => (
            <Timeline.Item
              key={`${entry.step} ${entry.visit}`}
              bullet={
                entry.outcome === "no" || entry.outcome === "failed" ? (
                  <IconX size={14} />
                ) : (
                  <IconCheck size={14} />
                )
              }
              color={entry.outcome === "no" || entry.outcome === "failed" ? "red" : "teal"}
              title={
                <Group gap="xs">
                  <Anchor
                    component={Link}
                    to={`/campaigns/${data.campaign}?step=${entry.step}`}
                    fw={600}
                    size="sm"
                  >
                    {entry.step}
                  </Anchor>
                  <Badge size="sm" variant="light" color="gray">
                    {entry.kind}
                  </Badge>
                </Group>
              }
            >
              <Stack gap={2}>
                <Text size="sm">{went(entry)}</Text>
                {entry.values && <Values values={entry.values} />}
                <When time={entry.at} />
              </Stack>
            </Timeline.Item>
          ))}
          {data.positions.map((position) => (
            <Timeline.Item
              key={`at ${position.step}`}
              bullet={<IconClockHour4 size={14} />}
              title={`At ${position.step}`}
              lineVariant="dashed"
            >
              <Text size="sm">{waitsFor(position)}</Text>
              <When time={position.arrived_at} />
            </Timeline.Item>
          ))}
          {data.ended_at && (
            <Timeline.Item bullet={<IconFlag size={14} />} title={`Ended: ${data.end_reason ?? ""}`}>
              <When time={data.ended_at} />
            </Timeline.Item>
          )}
        </Timeline>
      </Paper>
    </Page>
  );
}

function Values({ values }: { values: Record<string, unknown> }) {
  const told = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return <Code>{told.join(", ")}</Code>;
}

function When({ time }: { time: string | null }) {
  return (
    <Text size="xs" c="dimmed">
      <Ago time={time} />
    </Text>
  );
}
