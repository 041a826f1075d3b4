import {
  Autocomplete,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  Stack,
  Switch,
} from "@mantine/core";
import { points, told } from "../api/client";
import { useKeys } from "../campaigns/canvas/use-keys";
import { type Behaviour, BEHAVIOURS } from "../rules/language";
import { RulesField } from "../rules/rules-field";
import { BEHAVIOUR_WORDS } from "../rules/words";
import { useMay } from "../session/context";
import { expecting } from "../settings/editing/definition";
import { Refusal } from "../settings/editing/refusal";
import { narrowed, onBehaviour, unlessUsual, withWhere } from "./edits";
import { NameFields } from "./name-fields";
import { type ActionDraft, type Short, shortOf } from "./types";
import { usePointsDraft } from "./use-points-draft";

const FIELDS = ["name", "on", "path", "event", "form", "where", "delta"];
const MOST = 1_000_000;

const SHORT_FIELDS: Record<Short, { label: string; placeholder: string }> = {
  path: { label: "Which page", placeholder: "/pricing, or /blog/* for all below" },
  event: { label: "Which event", placeholder: "Order Completed, or Order * for all of those" },
  form: { label: "Which form", placeholder: "webinar" },
};

interface ActionFormProps {
  /** Null for a new one. */
  actionKey: string | null;
  document: ActionDraft;
  etag: string | null;
  onClose: () => void;
}

export function ActionForm({ actionKey, document, etag, onClose }: ActionFormProps) {
  const readOnly = !useMay("points:write");
  const editing = usePointsDraft({
    key: actionKey,
    document,
    onClose,
    put: (key, draft) =>
      told(
        points.PUT("/actions/{key}", {
          params: { path: { key }, header: expecting(etag) },
          body: draft,
        }),
      ),
  });
  const { draft, setDraft, problems } = editing;
  const short = shortOf(draft.on);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        editing.keep();
      }}
    >
      <fieldset disabled={readOnly} style={{ border: 0, padding: 0, margin: 0 }}>
        <Stack gap="md">
          <Refusal error={editing.error} isNew={actionKey === null} fields={FIELDS} />
          <NameFields
            name={draft.name}
            placeholder="Looked at prices"
            onName={(name) => setDraft({ ...draft, name })}
            keyField={
              actionKey === null
                ? { value: editing.chosenKey, error: editing.keyProblem, onChange: editing.setKey }
                : null
            }
          />
          <NativeSelect
            label="When a contact"
            data={BEHAVIOURS.map((value) => ({ value, label: BEHAVIOUR_WORDS[value] }))}
            value={draft.on}
            error={problems["on"]}
            onChange={(event) => setDraft(onBehaviour(draft, event.currentTarget.value as Behaviour))}
          />
          {short && (
            <WhichField
              short={short}
              value={draft[short] ?? ""}
              error={problems[short]}
              onChange={(which) => setDraft(narrowed(draft, short, which))}
            />
          )}
          <RulesField
            label="Only where"
            description={undefined}
            error={problems["where"]}
            schema={`#/$defs/${draft.on}_where_of`}
            value={draft.where}
            readOnly={readOnly}
            problems={within(problems, "where")}
            onChange={(where) => setDraft(withWhere(draft, where))}
          />
          <Group align="flex-end">
            <NumberInput
              label="Points"
              description="Less than 0 costs them"
              value={draft.delta}
              error={problems["delta"]}
              min={-MOST}
              max={MOST}
              allowDecimal={false}
              w={140}
              required
              onChange={(delta) => setDraft({ ...draft, delta: Number(delta) })}
            />
            <Checkbox
              pb={8}
              label="Only once for each contact, for ever"
              checked={draft.repeat === "once"}
              onChange={(event) =>
                setDraft(
                  unlessUsual(draft, "repeat", event.currentTarget.checked ? "once" : "always", "always"),
                )
              }
            />
          </Group>
          <Switch
            label="In use"
            checked={draft.active ?? true}
            onChange={(event) => setDraft(unlessUsual(draft, "active", event.currentTarget.checked, true))}
          />
          {!readOnly && (
            <Group justify="flex-end">
              <Button type="submit" loading={editing.isKeeping} disabled={!editing.isNamed || !draft.delta}>
                {actionKey === null ? "Add the action" : "Save"}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  );
}

interface WhichFieldProps {
  short: Short;
  value: string;
  error: string | undefined;
  onChange: (which: string) => void;
}

function WhichField({ short, value, error, onChange }: WhichFieldProps) {
  const forms = useKeys("form");
  return (
    <Autocomplete
      {...SHORT_FIELDS[short]}
      description="Empty: any of them"
      data={short === "form" ? forms : []}
      value={value}
      error={error}
      maxLength={1_000}
      onChange={onChange}
    />
  );
}

/** What is said of places within a member, as JSON Pointers. */
function within(problems: Record<string, string>, member: string): Record<string, string> {
  const inside = Object.entries(problems).filter(([place]) => place.startsWith(`${member}.`));
  return Object.fromEntries(
    inside.map(([place, what]) => [place.slice(member.length).replaceAll(".", "/"), what]),
  );
}
