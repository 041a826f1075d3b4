import { NativeSelect, NumberInput, Text, TextInput } from "@mantine/core";
import { simple, toIso, type Unit } from "../shell/durations";
import { useRules } from "./context";
import classes from "./rules.module.css";

const UNITS: Unit[] = ["minutes", "hours", "days", "weeks"];
const EVER = "ever";
const LONGEST = 9_999;

interface WithinFieldProps {
  /** ISO 8601; none: ever. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** How far back it counts. */
export function WithinField({ value, onChange }: WithinFieldProps) {
  const { readOnly } = useRules();
  const parts = value === undefined ? null : simple(value);
  if (value !== undefined && !parts) {
    return (
      <TextInput
        size="xs"
        w={110}
        aria-label="Within, as ISO 8601"
        value={value}
        disabled={readOnly}
        onChange={(event) => onChange(event.currentTarget.value || undefined)}
      />
    );
  }
  const choose = (unit: string) =>
    onChange(unit === EVER ? undefined : toIso(parts?.count ?? 7, unit as Unit));
  return (
    <>
      {parts && (
        <>
          <Text size="sm" className={classes.word}>
            within
          </Text>
          <NumberInput
            size="xs"
            w={64}
            aria-label="Within how many"
            min={1}
            max={LONGEST}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            value={parts.count}
            disabled={readOnly}
            onChange={(count) =>
              Number(count) > 0 && Number(count) !== parts.count && onChange(toIso(Number(count), parts.unit))
            }
          />
        </>
      )}
      <NativeSelect
        size="xs"
        aria-label="Within what time"
        data={[{ value: EVER, label: "ever" }, ...UNITS]}
        value={parts?.unit ?? EVER}
        disabled={readOnly}
        onChange={(event) => choose(event.currentTarget.value)}
      />
    </>
  );
}
