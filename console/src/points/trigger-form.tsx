import { Button, Checkbox, Group, NumberInput, Stack, Switch } from "@mantine/core";
import { points, told } from "../api/client";
import { useMay } from "../session/context";
import { expecting } from "../settings/editing/definition";
import { Refusal } from "../settings/editing/refusal";
import { isWholeReaction, unlessUsual } from "./edits";
import { NameFields } from "./name-fields";
import { Reactions } from "./reactions";
import type { TriggerDraft } from "./types";
import { usePointsDraft } from "./use-points-draft";

const FIELDS = ["name", "at", "do"];
const MOST = 1_000_000_000;

interface TriggerFormProps {
  /** Null for a new one. */
  triggerKey: string | null;
  document: TriggerDraft;
  etag: string | null;
  onClose: () => void;
}

export function TriggerForm({ triggerKey, document, etag, onClose }: TriggerFormProps) {
  const readOnly = !useMay("points:write");
  const editing = usePointsDraft({
    key: triggerKey,
    document,
    onClose,
    put: (key, draft) =>
      told(
        points.PUT("/triggers/{key}", {
          params: { path: { key }, header: expecting(etag) },
          body: draft,
        }),
      ),
  });
  const { draft, setDraft, problems } = editing;
  const isWhole = editing.isNamed && draft.at > 0 && draft.do.length > 0 && draft.do.every(isWholeReaction);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        editing.keep();
      }}
    >
      <fieldset disabled={readOnly} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="md">
          <Refusal error={editing.error} isNew={triggerKey === null} fields={FIELDS} />
          <NameFields
            name={draft.name}
            placeholder="Hot prospect"
            onName={(name) => setDraft({ ...draft, name })}
            keyField={
              triggerKey === null
                ? { value: editing.chosenKey, error: editing.keyProblem, onChange: editing.setKey }
                : null
            }
          />
          <Group align="flex-end">
            <NumberInput
              label="When a score rises to"
              value={draft.at}
              error={problems["at"]}
              min={1}
              max={MOST}
              allowDecimal={false}
              w={220}
              required
              onChange={(at) => setDraft({ ...draft, at: Number(at) })}
            />
            <Checkbox
              pb={8}
              label="Each time anew, once it has fallen below"
              checked={draft.repeat === "each_time"}
              onChange={(event) =>
                setDraft(
                  unlessUsual(draft, "repeat", event.currentTarget.checked ? "each_time" : "once", "once"),
                )
              }
            />
          </Group>
          <Reactions
            reactions={draft.do}
            problems={problems}
            readOnly={readOnly}
            onChange={(next) => setDraft({ ...draft, do: next })}
          />
          <Switch
            label="In use"
            checked={draft.active ?? true}
            onChange={(event) => setDraft(unlessUsual(draft, "active", event.currentTarget.checked, true))}
          />
          {!readOnly && (
            <Group justify="flex-end">
              <Button type="submit" loading={editing.isKeeping} disabled={!isWhole}>
                {triggerKey === null ? "Add the trigger" : "Save"}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}
