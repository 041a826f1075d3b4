import { Anchor, Divider, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { tracking } from "../../api/client";
import { Snippet } from "../../shell/copy";
import { useConfig } from "../../shell/use-config";

/** How a form gets into a page. */
export function Embed({ formKey: key }: { formKey: string }) {
  const host = useConfig()?.tracking;
  const { data: html } = useQuery({
    queryKey: ["forms", "embed", key],
    queryFn: async () => {
      const { data } = await tracking.GET("/forms/{key}/embed.html", {
        params: { path: { key } },
        parseAs: "text",
      });
      return data;
    },
    gcTime: 0,
  });
  const page = `${host ?? ""}/forms/${key}/page`;
  return (
    <Stack gap="sm" mt="lg">
      <Divider />
      <Title order={2} fz="md">
        Put it to use
      </Title>
      <Text size="sm">
        It has a page of its own:{" "}
        <Anchor href={page} target="_blank" rel="noreferrer" inherit style={{ overflowWrap: "anywhere" }}>
          {page}
        </Anchor>
      </Text>
      {html && (
        <>
          <Text size="sm">
            Or paste it into any page, and give it your own style. It is as it is saved: paste it again after
            a change of its questions.
          </Text>
          <Snippet code={html} label="Copy the form" />
        </>
      )}
    </Stack>
  );
}
