import { Input } from "@mantine/core";
import { useMemo } from "react";
import { RulesContext } from "./context";
import { GroupRules } from "./group-rules";
import { type Behaviour, type Group, isBehaviour } from "./language";
import { keptWhere, read, readWhere } from "./reading";
import { UnknownRule } from "./unknown-rule";

interface RulesFieldProps {
  label: string;
  description: string | undefined;
  error: string | undefined;
  /** `#/$defs/rules` for rules about contacts, `#/$defs/page_viewed_where` and so on for behaviours. */
  schema: string;
  value: unknown;
  onChange: (value: unknown) => void;
  readOnly: boolean;
  /** What is wrong where: by JSON Pointer into the rules. */
  problems?: Record<string, string>;
}

/** Rules of the rule language. What this builder does not understand, it shows as JSON and leaves as it is. */
export function RulesField(props: RulesFieldProps) {
  const { label, description, error, schema, value, onChange, readOnly, problems = NONE } = props;
  const about = aboutOf(schema);
  const group = groupOf(value, about);
  const rules = useMemo(() => ({ readOnly, about, problems }), [readOnly, about, problems]);
  return (
    <Input.Wrapper label={label} description={description} error={error} labelElement="div">
      <RulesContext value={rules}>
        {group ? (
          <GroupRules
            group={group}
            at=""
            depth={1}
            label={label}
            more={about && !group.rules.length ? "Only where…" : "Add a rule"}
            onChange={(next) => onChange(about ? keptWhere(next) : next)}
          />
        ) : (
          <UnknownRule rule={value} at="" onChange={onChange} />
        )}
      </RulesContext>
    </Input.Wrapper>
  );
}

const NONE: Record<string, string> = {};

function groupOf(value: unknown, about: Behaviour | null): Group | null {
  if (about) return readWhere(value);
  if (value === undefined || value === null) return { match: "all", rules: [] };
  const known = read(value, null);
  return known.kind === "group" ? known.rule : null;
}

function aboutOf(schema: string): Behaviour | null {
  const named = /^#\/\$defs\/(\w+?)_where(?:_of)?$/.exec(schema)?.[1];
  return isBehaviour(named) ? named : null;
}
