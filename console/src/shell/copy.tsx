import { ActionIcon, Box, Code, CopyButton, Group, Text, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

/** Takes a text to the clipboard. */
export function Copy({ text, label = "Copy" }: { text: string; label?: string }) {
  return (
    <CopyButton value={text} timeout={2_000}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : label} withArrow>
          <ActionIcon variant="subtle" color={copied ? "teal" : "gray"} onClick={copy} aria-label={label}>
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** Code to be pasted somewhere else. */
export function Snippet({ code, label }: { code: string; label: string }) {
  return (
    <Box pos="relative">
      <Code
        block
        tabIndex={0}
        mah={320}
        style={{ overflow: "auto", whiteSpace: "pre-wrap", wordBreak: "break-word" }}
        pr={44}
      >
        {code}
      </Code>
      <Box pos="absolute" top={4} right={4}>
        <Copy text={code} label={label} />
      </Box>
    </Box>
  );
}

/** A key or an id, cut short where there is no room. */
export function Copied({ text, label }: { text: string; label: string }) {
  return (
    <Group gap={4} wrap="nowrap" maw="100%">
      <Text ff="monospace" size="xs" truncate>
        {text}
      </Text>
      <Copy text={text} label={label} />
    </Group>
  );
}
