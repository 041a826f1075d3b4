import { Autocomplete, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { useRules } from "./context";
import { ofSort, withOperator } from "./edits";
import { ABOUT, type FieldRule, FIELDS, MAX_NAME, type Operator, PROPERTY, takesValue } from "./language";
import classes from "./rules.module.css";
import { operatorsFor, type Sort, sortOfValue, SORTS } from "./sorts";
import { useAttributes } from "./use-suggestions";
import { ValueField } from "./value-field";
import { operatorWord } from "./words";

interface FieldRowProps {
  rule: FieldRule;
  fresh: boolean;
  onChange: (rule: FieldRule) => void;
}

/** A field, how it is compared, and with what. */
export function FieldRow({ rule, fresh, onChange }: FieldRowProps) {
  const { readOnly, about } = useRules();
  const attributes = useAttributes();
  const [wished, setWished] = useState<Sort>("text");
  const told = sortOf(rule, wished);
  const sort = told ?? "text";
  const operators = operatorsFor(sort);
  const offered = operators.includes(rule.operator) ? operators : [...operators, rule.operator];
  const names = about ? [...ABOUT[about], PROPERTY] : [...FIELDS, ...attributes];
  return (
    <div className={classes.fields}>
      <Autocomplete
        size="xs"
        className={classes.name}
        aria-label="Field"
        placeholder={about ? "properties.plan" : "country"}
        data={names}
        value={rule.field}
        maxLength={MAX_NAME}
        disabled={readOnly}
        autoFocus={fresh}
        selectFirstOptionOnChange={false}
        onChange={(field) => onChange(named(rule, field))}
      />
      <NativeSelect
        size="xs"
        aria-label="How it is compared"
        data={offered.map((value) => ({ value, label: operatorWord(value, sort) }))}
        value={rule.operator}
        disabled={readOnly}
        onChange={(event) => onChange(withOperator(rule, event.currentTarget.value as Operator))}
      />
      {takesValue(rule.operator) && (
        <ValueField rule={rule} sort={told} onChange={(value) => onChange({ ...rule, value })} />
      )}
      {takesValue(rule.operator) && !readOnly && canVary(rule.field) && told && (
        <NativeSelect
          size="xs"
          variant="unstyled"
          className={classes.sort}
          aria-label="Sort of value"
          data={[...SORTS]}
          value={sort}
          onChange={(event) => {
            const chosen = event.currentTarget.value as Sort;
            setWished(chosen);
            onChange(ofSort(rule, chosen));
          }}
        />
      )}
    </div>
  );
}

/** Scores are numbers; what contacts go by, and what behaviours are known by, is text. */
const FIXED: Record<string, Sort> = {
  score: "number",
  ...Object.fromEntries(["email", "phone", "user_id"].map((name) => [name, "text" as const])),
  ...Object.fromEntries(
    Object.values(ABOUT).flatMap((names) => names.map((name) => [name, "text" as const])),
  ),
};

/** Null: values of several sorts. A list with nothing in it yet is of the sort that was wished for. */
function sortOf({ field, operator, value }: FieldRule, wished: Sort): Sort | null {
  if (Array.isArray(value) && !value.length) return FIXED[field] ?? wished;
  const sort = sortOfValue(value);
  return sort === "date" && !operatorsFor(sort).includes(operator) ? "text" : sort;
}

function canVary(field: string): boolean {
  return !Object.hasOwn(FIXED, field);
}

function named(rule: FieldRule, field: string): FieldRule {
  const sort = Object.hasOwn(FIXED, field) ? FIXED[field] : undefined;
  const renamed = { ...rule, field };
  const blank = rule.value === "" || rule.value === undefined;
  return sort === "number" && blank && takesValue(rule.operator) ? ofSort(renamed, sort) : renamed;
}
