import { Alert, CloseButton, CopyButton, Button, Group, Stack, Textarea, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { fromYaml, toYaml } from "../document/yaml";
import classes from "./canvas.module.css";
import { useEditor } from "./editor";

/** The same campaign as text: what is typed is drawn, what is drawn is written. */
export function YamlPane({ onClose }: { onClose: () => void }) {
  const { document, edit, readOnly } = useEditor();
  const [text, setText] = useState(() => toYaml(document));
  const [wrong, setWrong] = useState<string | null>(null);
  const ours = useRef(document);

  useEffect(() => {
    if (ours.current === document) return; // it is what we have just typed
    ours.current = document;
    setText(toYaml(document));
    setWrong(null);
  }, [document]);

  const type = (typed: string) => {
    setText(typed);
    const read = fromYaml(typed);
    if ("error" in read) return setWrong(read.line ? `Line ${read.line}: ${read.error}` : read.error);
    setWrong(null);
    ours.current = read.document;
    edit(read.document, "yaml");
  };

  return (
    <Stack p="md" gap="sm" h="100%" component="section" aria-label="The campaign as YAML">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2}>YAML</Title>
        <Group gap="xs">
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" onClick={copy}>
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
          <CloseButton aria-label="Close" onClick={onClose} />
        </Group>
      </Group>
      {wrong && <Alert color="red" p="xs" title={wrong} role="status" />}
      <Textarea
        aria-label="YAML"
        value={text}
        readOnly={readOnly}
        onChange={(event) => type(event.currentTarget.value)}
        spellCheck={false}
        wrap="off"
        styles={{ root: { flex: 1 }, wrapper: { height: "100%" }, input: { height: "100%" } }}
        classNames={{ input: classes.yaml ?? "" }}
      />
    </Stack>
  );
}
