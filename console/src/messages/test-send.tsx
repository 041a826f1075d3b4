import { Alert, Anchor, Button, Popover, Stack, Text, TextInput } from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { channels, told } from "../api/client";
import { Refused } from "../api/problem";
import { useSession } from "../session/context";
import type { MessageDraft } from "./types";

interface TestSendProps {
  template: string;
  draft: MessageDraft;
  /** A test is of what is saved. */
  isSaved: boolean;
  contact: string | undefined;
  values: Record<string, unknown>;
}

/** Sends what is saved to an address of one's own. */
export function TestSend({ template, draft, isSaved, contact, values }: TestSendProps) {
  const own = useSession()?.person.email ?? "";
  const isEmail = draft.channel === "email";
  const [to, setTo] = useState(isEmail ? own : "");
  const sending = useMutation({
    mutationFn: () =>
      told(
        channels.POST("/templates/{key}/test", {
          params: { path: { key: template } },
          body: {
            to,
            values,
            ...(contact ? { contact_id: contact } : { contact: { first_name: "Ann", email: to } }),
          },
        }),
      ),
  });
  const wrong = sending.error instanceof Refused ? sending.error.fields["to"] : undefined;
  return (
    <Popover width={320} position="bottom-end" withArrow trapFocus onClose={sending.reset}>
      <Popover.Target>
        <Button variant="default" leftSection={<IconSend size={16} />}>
          Send a test
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            sending.mutate();
          }}
        >
          <Stack gap="sm">
            <TextInput
              label={isEmail ? "To this e-mail address" : "To this telephone number"}
              type={isEmail ? "email" : "tel"}
              placeholder={isEmail ? "you@example.com" : "+14165550123"}
              value={to}
              error={wrong}
              required
              maxLength={320}
              onChange={(event) => setTo(event.currentTarget.value)}
            />
            {!isSaved && (
              <Text size="xs" c="dimmed">
                Save it first: a test is of what is saved.
              </Text>
            )}
            <Button type="submit" disabled={!isSaved || !to.trim()} loading={sending.isPending}>
              Send
            </Button>
            {sending.error && !wrong && (
              <Alert color="red" p="xs" role="alert">
                {sending.error.message}
              </Alert>
            )}
            {sending.data && <Sent {...sending.data} />}
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

interface SentProps {
  accepted: boolean;
  provider: string;
  provider_id: string | null;
  reason: string | null;
}

function Sent({ accepted, provider, provider_id: id, reason }: SentProps) {
  if (!accepted) {
    return (
      <Alert color="red" p="xs" role="alert" title={`The sender ${provider} has not taken it`}>
        {reason}
      </Alert>
    );
  }
  return (
    <Alert color="teal" p="xs" role="status">
      {provider === "outbox" ? (
        <>
          There is no sender yet, so it lies in the{" "}
          <Anchor component={Link} to={`/outbox?message=${id ?? ""}`} size="sm">
            outbox
          </Anchor>
          .
        </>
      ) : (
        <>The sender {provider} has taken it.</>
      )}
    </Alert>
  );
}
