import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { campaigns, told } from "../api/client";
import { freeName } from "./document/edits";
import type { CampaignDocument } from "./document/types";
import { BLANK, STARTERS } from "./starters";

/** A new campaign, blank or from a starter. */
export function NewCampaign({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<CampaignDocument>(BLANK);
  const [name, setName] = useState("");
  const named = name.trim() || chosen.name;
  const key = keyOf(named);
  const making = useMutation({
    mutationFn: () =>
      told(
        campaigns.PUT("/campaigns/{key}", {
          params: { path: { key }, query: { incomplete: true }, header: { "if-none-match": "*" } },
          body: { ...chosen, name: named } as never,
        }),
      ),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["campaigns"] });
      void navigate({ to: "/campaigns/$key", params: { key } });
    },
  });
  return (
    <Modal opened onClose={onClose} title="New campaign" size="xl">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          making.mutate();
        }}
      >
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" role="radiogroup" aria-label="Begin with">
            <Choice
              label="Blank"
              about="An empty canvas."
              chosen={chosen === BLANK}
              onChoose={() => setChosen(BLANK)}
            />
            {STARTERS.map((starter) => (
              <Choice
                key={starter.name}
                label={starter.name}
                about={starter.about}
                driven={starter.driven}
                chosen={chosen === starter.document}
                onChoose={() => setChosen(starter.document)}
              />
            ))}
          </SimpleGrid>
          <TextInput
            label="Name"
            placeholder={chosen.name}
            description={`Its key will be ${key}`}
            value={name}
            maxLength={200}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {making.error && <Alert color="red" title={taken(making.error) ?? making.error.message} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={making.isPending}>
              Draw it
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface ChoiceProps {
  label: string;
  about: string;
  driven?: string;
  chosen: boolean;
  onChoose: () => void;
}

function Choice({ label, about, driven, chosen, onChoose }: ChoiceProps) {
  return (
    <UnstyledButton type="button" role="radio" aria-checked={chosen} onClick={onChoose}>
      <Paper
        withBorder
        p="sm"
        h="100%"
        style={chosen ? { borderColor: "var(--mantine-primary-color-filled)" } : {}}
      >
        <Group justify="space-between">
          <Text fw={600} size="sm">
            {label}
          </Text>
          {driven && (
            <Badge size="xs" variant="light" color="gray">
              driven {driven}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {about}
        </Text>
      </Paper>
    </UnstyledButton>
  );
}

function keyOf(name: string): string {
  return freeName({ name: "", sources: [], steps: {} }, name);
}

function taken(error: Error): string | null {
  const status = "status" in error ? error.status : null;
  return status === 409 || status === 412
    ? "There is a campaign of that name already: choose another."
    : null;
}
