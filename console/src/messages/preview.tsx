import { Box, Group, Loader, Paper, SegmentedControl, Stack, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { JsonField } from "../shell/json-field";
import { AsWhom } from "./as-whom";
import classes from "./preview.module.css";
import type { Channel } from "./types";
import type { usePreview } from "./use-preview";

interface PreviewProps {
  channel: Channel;
  preview: ReturnType<typeof usePreview>;
  values: Record<string, unknown>;
  onValues: (values: Record<string, unknown>) => void;
}

/** What a contact sees: nothing in it runs, and nothing in it is tracked. */
export function Preview({ channel, preview, values, onValues }: PreviewProps) {
  const { as, view = "desktop" } = useSearch({ from: "/inside/messages/$key" });
  const navigate = useNavigate({ from: "/messages/$key" });
  const { said, error, isWaiting } = preview;
  const shown = channel === "sms" || said?.html === null ? "text" : view;
  return (
    <Stack gap="xs" component="section" aria-label="What a contact sees" className={classes["preview"]}>
      <Group justify="space-between" wrap="nowrap" align="flex-end">
        <AsWhom
          value={as}
          onChange={(contact) =>
            void navigate({ search: (before) => ({ ...before, as: contact }), replace: true })
          }
        />
        {channel === "email" && (
          <SegmentedControl
            size="xs"
            aria-label="How it is shown"
            value={shown}
            data={[
              { value: "desktop", label: "Desktop" },
              { value: "phone", label: "Phone" },
              { value: "text", label: "Text" },
            ]}
            onChange={(next) =>
              void navigate({
                search: (before) => ({ ...before, view: next }),
                replace: true,
              })
            }
          />
        )}
      </Group>
      <Paper
        withBorder
        className={classes["letter"]}
        data-view={shown}
        data-stale={error !== null || undefined}
      >
        {channel === "email" && (
          <Group className={classes["head"]} justify="space-between" wrap="nowrap">
            <Text size="sm" fw={600} truncate>
              {said?.subject ?? " "}
            </Text>
            {isWaiting && <Loader size={14} aria-label="Being rendered" />}
          </Group>
        )}
        <Letter said={said} shown={shown} channel={channel} />
      </Paper>
      {error && (
        <Text size="sm" c="red" role="alert">
          {Object.values(preview.problems)[0] ?? error.message}
        </Text>
      )}
      <JsonField
        label="Example values"
        description="What a campaign, form or trigger adds: {{ values.code }} is in it as code"
        value={values}
        readOnly={false}
        onChange={(next) => onValues(isRecord(next) ? next : {})}
      />
    </Stack>
  );
}

interface LetterProps {
  said: { text: string; html: string | null } | undefined;
  shown: "desktop" | "phone" | "text";
  channel: Channel;
}

function Letter({ said, shown, channel }: LetterProps) {
  if (!said) return <Box mih={160} />;
  if (shown === "text" || said.html === null) {
    return <pre className={channel === "sms" ? classes["bubble"] : classes["plain"]}>{said.text}</pre>;
  }
  return <iframe className={classes["frame"]} title="The e-mail" sandbox="" srcDoc={said.html} />;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
