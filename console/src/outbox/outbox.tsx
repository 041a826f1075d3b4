import { Anchor, Badge, Button, Grid, Paper, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconArrowLeft, IconMailbox, IconMailOff } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { channels, told } from "../api/client";
import { usePages } from "../api/pages";
import { ContactName } from "../contacts/contact-name";
import { Ago } from "../shell/ago";
import { Empty } from "../shell/empty";
import { Failed } from "../shell/failed";
import { More } from "../shell/more";
import { Page } from "../shell/page";
import { Waiting } from "../shell/waiting";
import { Message } from "./message";
import classes from "./outbox.module.css";

/** What was sent while there was no sender: it went nowhere but here. */
export function Outbox() {
  const { message } = useSearch({ from: "/inside/outbox" });
  const navigate = useNavigate();
  const list = usePages(["outbox", "list"], (query) => told(channels.GET("/outbox", { params: { query } })), {
    refetchInterval: 5_000,
  });
  const nothing = list.data && list.items.length === 0 && !message;
  return (
    <Page title="Outbox" about="Messages that are kept here, because there is no sender for them">
      {list.error && <Failed error={list.error} again={() => void list.refetch()} />}
      {list.isPending && <Waiting />}
      {nothing && (
        <Empty
          icon={IconMailbox}
          title="Nothing is kept here"
          action={
            <Button variant="default" component={Link} to="/settings/senders">
              Senders
            </Button>
          }
        >
          While there is no sender, messages reach nobody: they are kept here for 30 days, so that you can
          look at what would have been sent. With a sender, they go out into the world.
        </Empty>
      )}
      {!nothing && list.data && (
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 4 }} {...(message ? { visibleFrom: "md" } : {})}>
            <Paper withBorder className={classes["list"]} component="nav" aria-label="Messages">
              {list.items.map((one) => (
                <UnstyledButton
                  key={one.id}
                  className={classes["item"]}
                  aria-current={one.id === message ? "true" : undefined}
                  onClick={() => void navigate({ to: "/outbox", search: { message: one.id }, replace: true })}
                >
                  <Text size="sm" fw={600} truncate>
                    {one.subject || one.template || "No subject"}
                  </Text>
                  <Text size="xs" truncate>
                    {one.contact_id ? <ContactName id={one.contact_id} /> : one.to.join(", ")}
                  </Text>
                  <Text size="xs" c="dimmed" component="div">
                    <Badge size="xs" variant="light" color="gray" tt="none" mr={6}>
                      {one.channel === "sms" ? "SMS" : "e-mail"}
                    </Badge>
                    <Ago time={one.kept_at} />
                  </Text>
                </UnstyledButton>
              ))}
              <More list={list} />
            </Paper>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 8 }}>
            {message && (
              <Button
                component={Link}
                to="/outbox"
                variant="subtle"
                size="compact-sm"
                mb="xs"
                hiddenFrom="md"
                leftSection={<IconArrowLeft size={14} />}
              >
                All messages
              </Button>
            )}
            {message ? <Message key={message} id={message} /> : <Choose />}
          </Grid.Col>
        </Grid>
      )}
    </Page>
  );
}

function Choose() {
  return (
    <Stack align="center" p="xl" gap={4} c="dimmed" visibleFrom="md">
      <IconMailOff size={28} stroke={1.4} />
      <Text size="sm">Choose a message to look at it.</Text>
      <Text size="xs">
        To send for real, add a{" "}
        <Anchor component={Link} to="/settings/senders" inherit underline="always">
          sender
        </Anchor>
        .
      </Text>
    </Stack>
  );
}
