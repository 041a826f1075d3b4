import { Alert, Anchor, Button, Grid, Group, Kbd, Stack, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useMay } from "../session/context";
import { Conflict } from "../shell/conflict";
import { Page } from "../shell/page";
import { useGuard } from "../shell/use-guard";
import type { Loaded } from "./editor";
import { EmailParts } from "./email-parts";
import { Preview } from "./preview";
import { SenderField } from "./sender-field";
import { SmsText } from "./sms-text";
import { TestSend } from "./test-send";
import { CHANNEL_WORDS } from "./types";
import { useMessageDraft } from "./use-message-draft";
import { problemsOf, usePreview } from "./use-preview";

const SHOWN = ["name", "subject", "text", "html", "mjml"];

interface WorkProps {
  template: string;
  loaded: Loaded;
  onReload: () => void;
}

/** One message: its parts at the left, what a contact sees at the right. */
export function Work({ template, loaded, onReload }: WorkProps) {
  const { as } = useSearch({ from: "/inside/messages/$key" });
  const readOnly = !useMay("templates:write");
  const editing = useMessageDraft(template, loaded);
  const { draft, put, isNew, isChanged } = editing;
  const [values, setValues] = useState<Record<string, unknown>>({});
  const preview = usePreview(draft, as, values);
  const problems = { ...problemsOf(editing.error), ...preview.problems };
  const isEmail = draft.channel === "email";
  const canSave =
    !readOnly && isChanged && draft.name.trim() !== "" && (!isEmail || draft.subject.trim() !== "");
  const save = () => canSave && editing.save();
  useHotkeys([["mod+S", save]], []);
  useGuard(isChanged && !isNew && !readOnly);
  const actions = !readOnly && (
    <>
      <TestSend template={template} draft={draft} isSaved={!isChanged} contact={as} values={values} />
      <Button
        loading={editing.isSaving}
        disabled={!canSave}
        onClick={editing.save}
        rightSection={<Kbd size="xs">⌘S</Kbd>}
      >
        {isNew ? "Make the message" : isChanged ? "Save" : "Saved"}
      </Button>
    </>
  );
  return (
    <Page
      title={draft.name || template}
      about={
        <Group gap="xs" component="span">
          <Anchor component={Link} to="/messages" size="sm">
            Messages
          </Anchor>
          / <code>{template}</code> · {CHANNEL_WORDS[draft.channel]}
        </Group>
      }
      actions={actions}
    >
      {editing.isConflict && (
        <Conflict thing="message" onTheirs={onReload} onOurs={isNew ? null : editing.overwrite} />
      )}
      {editing.error && !editing.isConflict && unsaid(editing.error) && (
        <Alert color="red" role="alert" title={editing.error.message} />
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Stack gap="sm">
            <Group grow align="flex-start">
              <TextInput
                label="Name"
                value={draft.name}
                maxLength={200}
                readOnly={readOnly}
                onChange={(event) => put({ name: event.currentTarget.value })}
              />
              <SenderField draft={draft} readOnly={readOnly} onChange={(sender) => put({ sender })} />
            </Group>
            {isEmail ? (
              <EmailParts draft={draft} put={put} problems={problems} readOnly={readOnly} />
            ) : (
              <SmsText
                draft={draft}
                put={put}
                problem={problems["text"]}
                said={preview.said}
                readOnly={readOnly}
              />
            )}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6 }}>
          <Preview channel={draft.channel} preview={preview} values={values} onValues={setValues} />
        </Grid.Col>
      </Grid>
    </Page>
  );
}

/** Whether there is more to say than what stands at the parts. */
function unsaid(error: Error): boolean {
  const places = Object.keys(problemsOf(error));
  return places.length === 0 || places.some((place) => !SHOWN.includes(place));
}
