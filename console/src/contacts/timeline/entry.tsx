import { Anchor, Badge, Code, Collapse, Group, Stack, Text, ThemeIcon, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBolt,
  IconEye,
  IconForms,
  IconLink,
  IconMailOpened,
  IconRoute,
  IconSend,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { waitsFor } from "../../campaigns/why";
import {
  type Behaviour,
  type Delivery,
  did,
  type Entry,
  type Journey,
  sent,
  STATES,
  wantedBy,
} from "./happenings";
import classes from "./entry.module.css";

const ICONS: Record<Behaviour["behaviour"], TablerIcon> = {
  page_viewed: IconEye,
  event_tracked: IconBolt,
  form_submitted: IconForms,
  email_opened: IconMailOpened,
  link_clicked: IconLink,
};

/** One line of a timeline. */
export function EntryLine({ entry }: { entry: Entry }) {
  switch (entry.kind) {
    case "behaviour":
      return <Behaved at={entry.at} behaviour={entry.of} />;
    case "journey":
      return <Walked at={entry.at} journey={entry.of} />;
    case "delivery":
      return <Sent at={entry.at} delivery={entry.of} />;
  }
}

function Behaved({ at, behaviour }: { at: string; behaviour: Behaviour }) {
  const [opened, { toggle }] = useDisclosure(false);
  const { verb, object, detail } = did(behaviour);
  const told = Object.keys(behaviour.properties).length > 0;
  return (
    <Line at={at} icon={ICONS[behaviour.behaviour]} color="gray" detail={detail}>
      {verb} <b>{object}</b>
      {told && (
        <UnstyledButton className={classes["more"]} onClick={toggle} aria-expanded={opened}>
          {opened ? "less" : "details"}
        </UnstyledButton>
      )}
      <Collapse expanded={opened}>
        <Code block fz="xs" mt={4}>
          {JSON.stringify(behaviour.properties, null, 2)}
        </Code>
      </Collapse>
    </Line>
  );
}

function Walked({ at, journey }: { at: string; journey: Journey }) {
  const [place] = journey.positions;
  const now = journey.ended_at
    ? `Ended ${new Date(journey.ended_at).toLocaleString()}${journey.end_reason ? `: ${journey.end_reason}` : ""}`
    : place && `At ${place.step}. ${waitsFor(place)}`;
  return (
    <Line at={at} icon={IconRoute} color="ink" detail={now ?? null}>
      Entered the campaign{" "}
      <Anchor component={Link} to={`/journeys/${journey.id}`} fw={600} inherit>
        {journey.campaign}
      </Anchor>{" "}
      {!journey.ended_at && (
        <Badge size="xs" variant="light">
          under way
        </Badge>
      )}
    </Line>
  );
}

function Sent({ at, delivery }: { at: string; delivery: Delivery }) {
  const { verb, object } = sent(delivery);
  const state = STATES[delivery.state];
  const kept = delivery.provider_id === "outbox";
  return (
    <Line at={at} icon={IconSend} color={state.color} detail={delivery.reason}>
      {verb} <b>{object}</b>{" "}
      <Badge size="xs" variant="light" color={state.color}>
        {state.label}
      </Badge>
      {kept && (
        <Anchor component={Link} to={`/outbox?message=${delivery.effect_id}`} size="xs" ml={6}>
          show
        </Anchor>
      )}
      <Text size="xs" c="dimmed">
        {wantedBy(delivery)}
      </Text>
    </Line>
  );
}

interface LineProps {
  at: string;
  icon: TablerIcon;
  color: string;
  detail: string | null;
  children: ReactNode;
}

function Line({ at, icon: Icon, color, detail, children }: LineProps) {
  const time = new Date(at);
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start" py={6} className={classes["line"]}>
      <ThemeIcon variant="light" color={color} size={26} radius="xl" mt={-2}>
        <Icon size={15} stroke={1.7} />
      </ThemeIcon>
      <Stack gap={2} flex={1} miw={0}>
        <Text size="sm" component="div" className={classes["text"]}>
          {children}
        </Text>
        {detail && (
          <Text size="xs" c="dimmed" className={classes["text"]}>
            {detail}
          </Text>
        )}
      </Stack>
      <Text size="xs" c="dimmed" className="numbers" title={time.toLocaleString()}>
        {time.toLocaleTimeString(undefined, { timeStyle: "short" })}
      </Text>
    </Group>
  );
}
