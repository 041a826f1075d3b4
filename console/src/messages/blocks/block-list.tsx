import { ActionIcon, Button, ColorInput, Group, Menu, Paper, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { BlockForm } from "./block-form";
import { type Block, BLOCK_WORDS, type BlockKind, type Design, NEW_BLOCKS } from "./design";

interface BlockListProps {
  design: Design;
  readOnly: boolean;
  onChange: (design: Design) => void;
}

/** An e-mail as blocks, one below the other. Alt and an arrow move a block. */
export function BlockList({ design, readOnly, onChange }: BlockListProps) {
  const [fresh, setFresh] = useState<number | null>(null);
  const { blocks } = design;
  const put = (next: Block[]) => onChange({ ...design, blocks: next });
  const move = (place: number, by: 1 | -1) => {
    const block = blocks[place];
    if (!block || place + by < 0 || place + by >= blocks.length) return;
    put(blocks.toSpliced(place, 1).toSpliced(place + by, 0, block));
  };
  const press = (event: KeyboardEvent, place: number) => {
    if (readOnly || !event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    move(place, event.key === "ArrowUp" ? -1 : 1);
  };
  const add = (kind: BlockKind) => {
    const end = blocks.at(-1)?.kind === "footer" && kind !== "footer" ? blocks.length - 1 : blocks.length;
    setFresh(end);
    put(blocks.toSpliced(end, 0, NEW_BLOCKS[kind]));
  };
  return (
    <Stack gap="xs">
      <Group grow align="flex-start">
        <TextInput
          size="xs"
          label="Preview text"
          description="Beside the subject in mailboxes"
          value={design.preview}
          maxLength={200}
          readOnly={readOnly}
          onChange={(event) => onChange({ ...design, preview: event.currentTarget.value })}
        />
        <ColorInput
          size="xs"
          label="Colour"
          description="Of its buttons"
          value={design.colour}
          eyeDropperButtonProps={{ "aria-label": "Take a colour from the screen" }}
          disabled={readOnly}
          onChange={(colour) => onChange({ ...design, colour })}
        />
      </Group>
      {blocks.map((block, place) => (
        <Paper
          key={place}
          withBorder
          p="xs"
          role="group"
          aria-label={`${BLOCK_WORDS[block.kind]}, block ${place + 1}`}
          onKeyDown={(event) => press(event, place)}
        >
          <Group justify="space-between" gap={4} mb={4}>
            <Text size="xs" fw={600} c="dimmed">
              {BLOCK_WORDS[block.kind]}
            </Text>
            {!readOnly && (
              <Group gap={0}>
                <Small label="Move up" icon={IconArrowUp} off={place === 0} onClick={() => move(place, -1)} />
                <Small
                  label="Move down"
                  icon={IconArrowDown}
                  off={place === blocks.length - 1}
                  onClick={() => move(place, 1)}
                />
                <Small label="Take out" icon={IconTrash} onClick={() => put(blocks.toSpliced(place, 1))} />
              </Group>
            )}
          </Group>
          <BlockForm
            block={block}
            readOnly={readOnly}
            fresh={fresh === place}
            onChange={(next) => put(blocks.with(place, next))}
          />
        </Paper>
      ))}
      {!readOnly && <AddBlock onAdd={add} />}
    </Stack>
  );
}

function AddBlock({ onAdd }: { onAdd: (kind: BlockKind) => void }) {
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button
          variant="light"
          size="xs"
          leftSection={<IconPlus size={14} />}
          style={{ alignSelf: "flex-start" }}
        >
          Add a block
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(NEW_BLOCKS) as BlockKind[]).map((kind) => (
          <Menu.Item key={kind} onClick={() => onAdd(kind)}>
            {BLOCK_WORDS[kind]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

interface SmallProps {
  label: string;
  icon: typeof IconTrash;
  off?: boolean;
  onClick: () => void;
}

function Small({ label, icon: Icon, off = false, onClick }: SmallProps) {
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} disabled={off} onClick={onClick}>
      <Icon size={14} />
    </ActionIcon>
  );
}
