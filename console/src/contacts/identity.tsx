import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { type ReactNode } from "react";
import { useMay } from "../session/context";
import { Ago } from "../shell/ago";
import { Copied } from "../shell/copy";
import { Card } from "./card";
import { EditIdentity } from "./edit-identity";
import type { Contact } from "./types";

/** By what a contact is known. */
export function Identity({ contact }: { contact: Contact }) {
  const [editing, { open, close }] = useDisclosure(false);
  const edit = useMay("contacts:write") && (
    <ActionIcon variant="subtle" color="gray" aria-label="Edit who it is" onClick={open}>
      <IconPencil size={16} />
    </ActionIcon>
  );
  return (
    <Card title="Who it is" action={edit}>
      <Stack gap={6}>
        <Row label="E-mail">{contact.email}</Row>
        <Row label="Phone">{contact.phone}</Row>
        <Row label="User id">{contact.user_id}</Row>
        <Row label="First seen">
          <Ago time={contact.created_at} />
        </Row>
        <Row label="Known since">{contact.identified_at && <Ago time={contact.identified_at} />}</Row>
        <Row label="Id">
          <Copied text={contact.id} label="Copy the id" />
        </Row>
      </Stack>
      {editing && <EditIdentity contact={contact} onClose={close} />}
    </Card>
  );
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <Text size="sm" c="dimmed" w={92} flex="none">
        {label}
      </Text>
      <Text size="sm" component="div" miw={0} style={{ overflowWrap: "anywhere" }}>
        {children || (
          <Text span c="dimmed" inherit aria-label="not known">
            –
          </Text>
        )}
      </Text>
    </Group>
  );
}
