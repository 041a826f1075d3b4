import { Paper, SimpleGrid, Text, UnstyledButton } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { NewThing } from "../shell/new-thing";
import { HTML, SMS } from "./begun";
import { STARTERS } from "./starters";

const CHOICES = [
  ...STARTERS.map(({ key, name, about }) => ({ key, name, about })),
  { key: HTML, name: "HTML", about: "An e-mail that you write yourself" },
  { key: SMS, name: "SMS", about: "A short text to telephones" },
];

/** A new message: what it begins with, and what it is called. */
export function NewMessage({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [starter, setStarter] = useState("welcome");
  return (
    <NewThing
      thing="message"
      size="lg"
      placeholder="Welcome to our trial"
      onClose={onClose}
      onMake={(key, name) =>
        void navigate({ to: "/messages/$key", params: { key }, search: { name, starter } })
      }
    >
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="xs" role="radiogroup" aria-label="Begin with">
        {CHOICES.map(({ key, name, about }) => (
          <UnstyledButton
            key={key}
            type="button"
            role="radio"
            aria-checked={starter === key}
            onClick={() => setStarter(key)}
          >
            <Paper
              withBorder
              p="xs"
              h="100%"
              style={starter === key ? { borderColor: "var(--mantine-primary-color-filled)" } : {}}
            >
              <Text size="sm" fw={600}>
                {name}
              </Text>
              <Text size="xs" c="dimmed">
                {about}
              </Text>
            </Paper>
          </UnstyledButton>
        ))}
      </SimpleGrid>
    </NewThing>
  );
}
