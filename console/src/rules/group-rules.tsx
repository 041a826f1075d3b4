import { NativeSelect, Text } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { AddRule } from "./add-rule";
import { problemOf, useRules } from "./context";
import { added, moved, newRule, type NewRule, replaced, without } from "./edits";
import { type Group, type Match, MATCHES } from "./language";
import { OneRule } from "./one-rule";
import classes from "./rules.module.css";
import { MATCH_WORDS } from "./words";

interface GroupRulesProps {
  group: Group;
  /** Where it stands: a JSON Pointer into the rules. */
  at: string;
  depth: number;
  label: string;
  /** What is said where one more rule can be added. */
  more?: string;
  /** Whether it is said how a single rule is joined, too: it is for groups within others. */
  isPlain?: boolean;
  onChange: (group: Group) => void;
}

/** Several rules, and how they are joined. */
export function GroupRules({
  group,
  at,
  depth,
  label,
  more = "Add a rule",
  isPlain = depth === 1,
  onChange,
}: GroupRulesProps) {
  const { readOnly, about, problems } = useRules();
  const [fresh, setFresh] = useState<number | null>(null);
  const adding = useRef<HTMLButtonElement>(null);
  const add = (kind: NewRule) => {
    setFresh(group.rules.length);
    onChange(added(group, newRule(kind, about)));
  };
  const remove = (place: number) => {
    setFresh(null);
    onChange(without(group, place));
    adding.current?.focus();
  };
  const move = (event: KeyboardEvent, place: number) => {
    const by = event.key === "ArrowUp" ? -1 : 1;
    if (readOnly || !event.altKey || !event.key.startsWith("Arrow")) return;
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    event.stopPropagation();
    onChange(moved(group, place, by));
  };
  const wrong = problemOf(problems, at);
  return (
    <div className={classes.group} data-match={group.match} role="group" aria-label={label}>
      {(group.rules.length > 1 || group.match !== "all" || !isPlain) && (
        <NativeSelect
          size="xs"
          className={classes.match}
          aria-label={`How the rules of ${label} are joined`}
          disabled={readOnly}
          data={MATCHES.map((value) => ({ value, label: MATCH_WORDS[value] }))}
          value={group.match}
          onChange={(event) => onChange({ ...group, match: event.currentTarget.value as Match })}
        />
      )}
      {group.rules.map((rule, place) => (
        <div key={place} onKeyDown={(event) => move(event, place)}>
          <OneRule
            rule={rule}
            at={`${at}/rules/${place}`}
            depth={depth}
            fresh={fresh === place}
            onChange={(next) => onChange(replaced(group, place, next))}
            onRemove={() => remove(place)}
          />
        </div>
      ))}
      {wrong && group.rules.length > 0 && (
        <Text size="xs" c="red">
          {wrong}
        </Text>
      )}
      {!readOnly && <AddRule ref={adding} label={more} depth={depth} onAdd={add} />}
      {readOnly && group.rules.length === 0 && (
        <Text size="sm" c="dimmed">
          All of them
        </Text>
      )}
    </div>
  );
}
