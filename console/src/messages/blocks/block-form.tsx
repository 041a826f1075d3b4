import { Group, Textarea, TextInput } from "@mantine/core";
import type { Block } from "./design";

interface BlockFormProps {
  block: Block;
  readOnly: boolean;
  /** Just added: whoever added it goes on here. */
  fresh: boolean;
  onChange: (block: Block) => void;
}

/** What one block says. */
export function BlockForm({ block, readOnly, fresh, onChange }: BlockFormProps) {
  const text = (label: string, value: string, put: (told: string) => Block, first = false) => (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={label}
      value={value}
      readOnly={readOnly}
      autoFocus={fresh && first}
      onChange={(event) => onChange(put(event.currentTarget.value))}
    />
  );
  const area = (label: string, value: string, put: (told: string) => Block, first = false) => (
    <Textarea
      size="xs"
      aria-label={label}
      placeholder={label}
      value={value}
      readOnly={readOnly}
      autosize
      minRows={2}
      maxRows={12}
      autoFocus={fresh && first}
      onChange={(event) => onChange(put(event.currentTarget.value))}
    />
  );
  switch (block.kind) {
    case "heading":
      return text("Heading", block.text, (told) => ({ ...block, text: told }), true);
    case "text":
      return area("Text", block.text, (told) => ({ ...block, text: told }), true);
    case "button":
      return (
        <Group grow gap="xs">
          {text("What it says", block.label, (label) => ({ ...block, label }), true)}
          {text("Where it leads: https://…", block.url, (url) => ({ ...block, url }))}
        </Group>
      );
    case "image":
      return (
        <Group grow gap="xs">
          {text("Address of the image: https://…", block.src, (src) => ({ ...block, src }), true)}
          {text("What it shows, for who cannot see it", block.alt, (alt) => ({ ...block, alt }))}
        </Group>
      );
    case "columns":
      return (
        <Group grow gap="xs" align="flex-start">
          {area("On the left", block.left, (left) => ({ ...block, left }), true)}
          {area("On the right", block.right, (right) => ({ ...block, right }))}
        </Group>
      );
    case "footer":
      return (
        <Group grow gap="xs">
          {text("Why they get it", block.text, (told) => ({ ...block, text: told }), true)}
          {text("What the link says", block.label, (label) => ({ ...block, label }))}
        </Group>
      );
    case "divider":
      return null;
  }
}
