import { Button, Kbd } from "@mantine/core";
import { Spotlight, spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useSession } from "../session/context";
import { PLACES } from "./places";

/** Opens the palette; so does mod+K. */
export function PaletteButton() {
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconSearch size={14} />}
      rightSection={<Kbd size="xs">⌘K</Kbd>}
      onClick={() => spotlight.open()}
      visibleFrom="sm"
    >
      Go to…
    </Button>
  );
}

/** Everywhere one can go, by typing. */
export function Palette() {
  const navigate = useNavigate();
  const scopes = useSession()?.scopes ?? [];
  const actions = PLACES.filter((place) => scopes.includes(place.scope)).map(({ to, label, icon: Icon }) => ({
    id: to,
    label,
    leftSection: <Icon size={18} stroke={1.6} />,
    onClick: () => void navigate({ to }),
  }));
  return (
    <Spotlight
      actions={actions}
      shortcut="mod + K"
      nothingFound="Nothing of that name"
      highlightQuery
      searchProps={{ placeholder: "Where to?", "aria-label": "Where to?" }}
    />
  );
}
