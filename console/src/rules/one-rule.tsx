import { ActionIcon, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { BehaviourRow } from "./behaviour-row";
import { problemOf, useRules } from "./context";
import { FieldRow } from "./field-row";
import { GroupRules } from "./group-rules";
import { read } from "./reading";
import classes from "./rules.module.css";
import { TagRow } from "./tag-row";
import { UnknownRule } from "./unknown-rule";
import { inWords } from "./words";

interface OneRuleProps {
  rule: unknown;
  at: string;
  depth: number;
  /** Just added: whoever added it goes on here. */
  fresh: boolean;
  onChange: (rule: unknown) => void;
  onRemove: () => void;
}

/** One rule, with the way to take it out. */
export function OneRule(props: OneRuleProps) {
  const { readOnly, about, problems } = useRules();
  const known = read(props.rule, about);
  const wrong = known.kind === "group" ? undefined : problemOf(problems, props.at);
  return (
    <>
      <div className={classes.row}>
        <div className={classes.rule}>
          <Inside {...props} />
        </div>
        {!readOnly && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Take out: ${inWords(props.rule, about)}`}
            onClick={props.onRemove}
          >
            <IconX size={15} />
          </ActionIcon>
        )}
      </div>
      {wrong && (
        <Text size="xs" c="red" mt={2}>
          {wrong}
        </Text>
      )}
    </>
  );
}

function Inside({ rule, at, depth, fresh, onChange }: OneRuleProps) {
  const { about } = useRules();
  const known = read(rule, about);
  switch (known.kind) {
    case "group":
      return (
        <GroupRules
          group={known.rule}
          at={at}
          depth={depth + 1}
          label="A group of rules"
          onChange={onChange}
        />
      );
    case "field":
      return <FieldRow rule={known.rule} fresh={fresh} onChange={onChange} />;
    case "tag":
      return <TagRow rule={known.rule} fresh={fresh} onChange={onChange} />;
    case "behaviour":
      return <BehaviourRow rule={known.rule} at={at} depth={depth} fresh={fresh} onChange={onChange} />;
    case "unknown":
      return <UnknownRule rule={rule} at={at} onChange={onChange} />;
  }
}
