import { ScrollArea, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { found, type Offer } from "./catalogue";
import classes from "./canvas.module.css";
import { useEditor } from "./editor";
import { useAdding } from "./use-adding";

export const DRAGGED = "application/x-canvass-offer";

/** What can be put on the canvas: by dragging, or by choosing, which puts it behind what is selected. */
export function Palette() {
  const [text, setText] = useState("");
  const { readOnly } = useEditor();
  const shelves = found(text);
  if (readOnly) return null;
  return (
    <nav className={classes.palette} aria-label="What can be put on the canvas">
      <ScrollArea h="100%" p="sm">
        <TextInput
          size="xs"
          placeholder="Search"
          aria-label="Search what can be put on the canvas"
          leftSection={<IconSearch size={14} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {shelves.length === 0 && (
          <Text size="sm" c="dimmed" mt="md">
            Nothing of that name.
          </Text>
        )}
        {shelves.map((shelf) => (
          <Stack key={shelf.label} gap={2} mt="md">
            <Text size="xs" fw={600} c="dimmed" px={10}>
              {shelf.label}
            </Text>
            {shelf.offers.map((offer) => (
              <OfferRow key={offer.label} offer={offer} />
            ))}
          </Stack>
        ))}
      </ScrollArea>
    </nav>
  );
}

function OfferRow({ offer }: { offer: Offer }) {
  const { addBehindSelected } = useAdding();
  const Icon = offer.icon;
  return (
    <UnstyledButton
      className={classes.offer ?? ""}
      draggable
      title={offer.about}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, offer.label);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={() => addBehindSelected(offer)}
    >
      <Icon size={18} stroke={1.6} />
      <Text size="sm">{offer.label}</Text>
    </UnstyledButton>
  );
}
