import { NativeSelect, NumberInput, Text } from "@mantine/core";
import { useMemo } from "react";
import { RulesContext, useRules } from "./context";
import { ofBehaviour, withWhere } from "./edits";
import { GroupRules } from "./group-rules";
import { type Behaviour, type BehaviourRule, BEHAVIOURS, MAX_TIMES } from "./language";
import { keptWhere, readWhere } from "./reading";
import classes from "./rules.module.css";
import { WithinField } from "./within-field";
import { BEHAVIOUR_WORDS } from "./words";

interface BehaviourRowProps {
  rule: BehaviourRule;
  at: string;
  depth: number;
  fresh: boolean;
  onChange: (rule: BehaviourRule) => void;
}

/** What contacts did, how often, within what time, and which of it counts. */
export function BehaviourRow({ rule, at, depth, fresh, onChange }: BehaviourRowProps) {
  const { readOnly, problems } = useRules();
  const within = useMemo(
    () => ({ readOnly, about: rule.behaviour, problems }),
    [readOnly, rule.behaviour, problems],
  );
  const where = readWhere(rule.where);
  const often = (told: string | number) => {
    const { at_least: _, ...rest } = rule;
    const times = Math.round(Number(told));
    onChange(times > 1 ? { ...rest, at_least: times } : rest);
  };
  return (
    <div className={classes.behaviour}>
      <div className={classes.fields}>
        <NativeSelect
          size="xs"
          aria-label="What they did"
          data={BEHAVIOURS.map((value) => ({ value, label: BEHAVIOUR_WORDS[value] }))}
          value={rule.behaviour}
          disabled={readOnly}
          autoFocus={fresh}
          onChange={(event) => onChange(ofBehaviour(rule, event.currentTarget.value as Behaviour))}
        />
        <Text size="sm" className={classes.word}>
          at least
        </Text>
        <NumberInput
          size="xs"
          w={64}
          aria-label="How many times, at least"
          min={1}
          max={MAX_TIMES}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          value={rule.at_least ?? 1}
          disabled={readOnly}
          onChange={(told) => Number(told) !== (rule.at_least ?? 1) && told !== "" && often(told)}
        />
        <Text size="sm" className={classes.word}>
          {(rule.at_least ?? 1) === 1 ? "time" : "times"}
        </Text>
        <WithinField value={rule.within ?? undefined} onChange={(next) => onChange(during(rule, next))} />
      </div>
      {where && (!readOnly || where.rules.length > 0) && (
        <RulesContext value={within}>
          <GroupRules
            group={where}
            at={`${at}/where`}
            depth={depth + 1}
            label="Only where"
            more={where.rules.length ? "And where…" : "Only where…"}
            isPlain
            onChange={(next) => onChange(withWhere(rule, keptWhere(next)))}
          />
        </RulesContext>
      )}
    </div>
  );
}

function during(rule: BehaviourRule, within: string | undefined): BehaviourRule {
  const { within: _, ...rest } = rule;
  return within === undefined ? rest : { ...rest, within };
}
