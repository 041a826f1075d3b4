import { Autocomplete, NativeSelect, TagsInput, TextInput } from "@mantine/core";
import { JsonField } from "../shell/json-field";
import { useRules } from "./context";
import { type FieldRule, MAX_TEXT, type Scalar, takesSeveral, type Value } from "./language";
import { NumberField } from "./number-field";
import classes from "./rules.module.css";
import { numberOf, type Sort, textOf } from "./sorts";
import { useChoices } from "./use-suggestions";

interface ValueFieldProps {
  rule: FieldRule;
  /** Null: a list of several sorts. */
  sort: Sort | null;
  onChange: (value: Value) => void;
}

/** What a field is compared with, as its sort takes it. */
export function ValueField({ rule, sort, onChange }: ValueFieldProps) {
  const { readOnly, about } = useRules();
  const choices = useChoices(rule.field, about);
  const common = { size: "xs", "aria-label": "Value", disabled: readOnly, className: classes.value } as const;
  if (sort === null) {
    const keep = (value: unknown) => Array.isArray(value) && onChange(value as Scalar[]);
    return <JsonField label="" value={rule.value} readOnly={readOnly} onChange={keep} />;
  }
  if (takesSeveral(rule.operator)) {
    const values = Array.isArray(rule.value) ? rule.value : [];
    const put = (texts: string[]) =>
      onChange(sort === "number" ? texts.map(numberOf).filter((one) => one !== null) : texts);
    return (
      <TagsInput
        {...common}
        data={choices}
        placeholder={values.length ? "" : "One, Enter, another"}
        value={values.map(textOf)}
        maxTags={500}
        acceptValueOnBlur
        onChange={put}
      />
    );
  }
  if (typeof rule.value === "number")
    return <NumberField {...common} value={rule.value} onChange={onChange} />;
  if (typeof rule.value === "boolean") {
    return (
      <NativeSelect
        {...common}
        data={[
          { value: "true", label: "yes" },
          { value: "false", label: "no" },
        ]}
        value={textOf(rule.value)}
        onChange={(event) => onChange(event.currentTarget.value === "true")}
      />
    );
  }
  const text = typeof rule.value === "string" ? rule.value : "";
  if (sort === "date") {
    return (
      <TextInput
        {...common}
        type="date"
        value={text}
        onChange={(event) => event.currentTarget.value && onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <Autocomplete
      {...common}
      data={choices}
      value={text}
      maxLength={MAX_TEXT}
      placeholder={rule.operator === "matches" ? "/pricing*  (* is anything)" : "value"}
      onChange={onChange}
    />
  );
}
