import { Anchor, Code, Group, Paper, SegmentedControl, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { channels, told } from "../api/client";
import type { components } from "../api/generated/channels";
import { ContactName } from "../contacts/contact-name";
import { Failed } from "../shell/failed";
import { Waiting } from "../shell/waiting";
import { HtmlFrame } from "./html-frame";

type Whole = components["schemas"]["WholeKeptMessage"];
type View = "html" | "text" | "headers";

/** One kept message, as it would have arrived. */
export function Message({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["outbox", "one", id],
    queryFn: () => told(channels.GET("/outbox/{message_id}", { params: { path: { message_id: id } } })),
  });
  const [chosen, setChosen] = useState<View | null>(null);
  if (error) return <Failed error={error} again={() => void refetch()} />;
  if (!data) return <Waiting label="Reading the message" />;
  const view = chosen ?? (data.html ? "html" : "text");
  return (
    <Paper withBorder component="article">
      <Stack gap={2} p="md" style={{ borderBottom: "1px solid var(--line)" }}>
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} style={{ overflowWrap: "anywhere" }}>
            {data.subject || "No subject"}
          </Title>
          <Views message={data} view={view} onChoose={setChosen} />
        </Group>
        <Text size="sm" c="dimmed">
          To {data.to.join(", ")}
          {data.contact_id && (
            <>
              {" · "}
              <Anchor component={Link} to={`/contacts/${data.contact_id}`} inherit underline="always">
                <ContactName id={data.contact_id} />
              </Anchor>
            </>
          )}
          {" · "}
          {new Date(data.kept_at).toLocaleString()}
        </Text>
      </Stack>
      {view === "html" && data.html && <HtmlFrame html={data.html} title={data.subject} />}
      {view === "text" && (
        <Text p="md" size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {data.text}
        </Text>
      )}
      {view === "headers" && <Headers headers={data.headers} />}
    </Paper>
  );
}

function Views(props: { message: Whole; view: View; onChoose: (view: View) => void }) {
  const { message, view, onChoose } = props;
  const views: { value: View; label: string }[] = [
    ...(message.html ? [{ value: "html" as const, label: "HTML" }] : []),
    { value: "text", label: "Text" },
    ...(Object.keys(message.headers).length > 0 ? [{ value: "headers" as const, label: "Headers" }] : []),
  ];
  if (views.length === 1) return null;
  return (
    <SegmentedControl
      size="xs"
      aria-label="How it is shown"
      data={views}
      value={view}
      onChange={(value) => onChoose(value as View)}
      style={{ flex: "none" }}
    />
  );
}

function Headers({ headers }: { headers: Record<string, string> }) {
  return (
    <Table.ScrollContainer minWidth={400}>
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {Object.entries(headers).map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th>{name}</Table.Th>
              <Table.Td>
                <Code style={{ overflowWrap: "anywhere" }}>{value}</Code>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
