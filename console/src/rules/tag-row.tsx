import { Autocomplete, Text } from "@mantine/core";
import { useRules } from "./context";
import { MAX_NAME, type TagRule } from "./language";
import classes from "./rules.module.css";
import { useTags } from "./use-suggestions";

interface TagRowProps {
  rule: TagRule;
  fresh: boolean;
  onChange: (rule: TagRule) => void;
}

/** A tag that contacts have. */
export function TagRow({ rule, fresh, onChange }: TagRowProps) {
  const { readOnly } = useRules();
  const tags = useTags();
  return (
    <div className={classes.fields}>
      <Text size="sm" className={classes.word}>
        has the tag
      </Text>
      <Autocomplete
        size="xs"
        className={classes.value}
        aria-label="Tag"
        placeholder="vip"
        data={tags}
        value={rule.tag}
        maxLength={MAX_NAME}
        disabled={readOnly}
        autoFocus={fresh}
        onChange={(tag) => onChange({ tag })}
      />
    </div>
  );
}
