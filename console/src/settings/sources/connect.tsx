import { Divider, PasswordInput, Stack, Tabs, Text, Title } from "@mantine/core";
import type { components } from "../../api/generated/tracking";
import { Copy, Snippet } from "../../shell/copy";
import { useConfig } from "../../shell/use-config";
import { snippets } from "./snippets";

const AFTER: Record<string, string> = {
  website: "Paste it into the head of every page. From then on each visit shows up under Contacts.",
  npm: "For pages that are built by a bundler.",
  image: "Where no script runs, such as in a mail.",
};

/** What to paste where, so that a source begins to tell. */
export function Connect({ source }: { source: components["schemas"]["SourceView"] }) {
  const host = useConfig()?.tracking;
  return (
    <Stack gap="sm" mt="lg">
      <Divider />
      <Title order={2} fz="md">
        Connect it
      </Title>
      {host && (
        <Tabs defaultValue={source.trusted ? "python" : "website"} keepMounted={false}>
          <Tabs.List mb="sm">
            {snippets(host, source.write_key).map(({ value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {snippets(host, source.write_key).map(({ value, label, code }) => (
            <Tabs.Panel key={value} value={value}>
              <Stack gap="xs">
                {AFTER[value] && (
                  <Text size="sm" c="dimmed">
                    {AFTER[value]}
                  </Text>
                )}
                <Snippet code={code} label={`Copy the code for ${label}`} />
              </Stack>
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
      {source.secret && (
        <PasswordInput
          label="Secret for signed user ids"
          description="Kept on your server. With the hexadecimal HMAC-SHA256 of the user id as context.userHash, what a page says of that user is trusted."
          value={source.secret}
          readOnly
          leftSection={<Copy text={source.secret} label="Copy the secret" />}
        />
      )}
    </Stack>
  );
}
