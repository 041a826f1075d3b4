import {
  Autocomplete,
  Checkbox,
  Group,
  Input,
  NumberInput,
  SegmentedControl,
  Select,
  TextInput,
} from "@mantine/core";
import { DateField } from "../../shell/date-field";
import { simple, toIso, type Unit } from "../../shell/durations";
import { JsonField } from "../../shell/json-field";
import { RulesField } from "../../rules/rules-field";
import { useKeys } from "./use-keys";

/** One property of a step's JSON Schema, as the service describes it. */
export interface Property {
  title?: string;
  description?: string;
  const?: unknown;
  enum?: string[];
  type?: string;
  format?: string;
  default?: unknown;
  anyOf?: Property[];
  $ref?: string;
  "x-refers-to"?: "template" | "destination" | "segment" | "form" | "step";
}

export interface FieldProps {
  name: string;
  property: Property;
  value: unknown;
  error: string | undefined;
  required: boolean;
  readOnly: boolean;
  /** Steps that may be meant, where a step is asked for. */
  steps: string[];
  /** Which kind of template or destination fits here. */
  channel: string | null;
  onChange: (value: unknown) => void;
}

/** The field that fits a property: a picker for what refers to something, else what its type takes. */
export function Field(props: FieldProps) {
  const { property } = props;
  const kind = shape(property);
  if (property["x-refers-to"] === "step") return <StepField {...props} />;
  if (property["x-refers-to"]) return <KeyField {...props} refersTo={property["x-refers-to"]} />;
  if (property.$ref)
    return (
      <RulesField
        {...labelled(props)}
        schema={property.$ref}
        value={props.value}
        onChange={props.onChange}
        readOnly={props.readOnly}
      />
    );
  if (kind.enum) return <ChoiceField {...props} choices={kind.enum} />;
  if (kind.const !== undefined) return <MarkField {...props} mark={kind.const} />;
  if (kind.type === "boolean") return <FlagField {...props} />;
  if (kind.format === "duration") return <DurationField {...props} />;
  if (kind.format === "date-time")
    return <DateField {...labelled(props)} value={text(props.value)} onChange={props.onChange} />;
  if (kind.type === "object")
    return (
      <JsonField
        {...labelled(props)}
        value={props.value}
        onChange={props.onChange}
        readOnly={props.readOnly}
      />
    );
  return (
    <TextInput
      {...labelled(props)}
      value={text(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value || (props.required ? "" : undefined))}
    />
  );
}

/** What it takes when something is given: the first of the alternatives. */
function shape(property: Property): Property {
  return property.anyOf?.find((one) => one.type !== "null") ?? property;
}

function labelled({ property, name, error, required, readOnly }: FieldProps) {
  return {
    label: property.title ?? name,
    description: property.description?.replaceAll("`", ""),
    error,
    required,
    disabled: readOnly,
    size: "sm" as const,
  };
}

const text = (value: unknown) => (typeof value === "string" ? value : "");

function KeyField(props: FieldProps & { refersTo: "template" | "destination" | "segment" | "form" }) {
  const keys = useKeys(props.refersTo, props.channel);
  return (
    <Autocomplete
      {...labelled(props)}
      data={keys}
      value={text(props.value)}
      placeholder={
        keys.length ? `Choose a ${props.refersTo}` : `No ${props.refersTo} yet: type the key of one to come`
      }
      onChange={(value) => props.onChange(value || (props.required ? "" : undefined))}
    />
  );
}

function StepField(props: FieldProps) {
  return (
    <Select
      {...labelled(props)}
      data={props.steps}
      value={text(props.value) || null}
      clearable={!props.required}
      searchable
      placeholder="Any"
      onChange={(value) => props.onChange(value ?? undefined)}
    />
  );
}

function ChoiceField(props: FieldProps & { choices: string[] }) {
  const chosen = text(props.value) || text(props.property.default);
  return (
    <Input.Wrapper {...wrapped(props)}>
      <SegmentedControl
        fullWidth
        size="xs"
        mt={4}
        data={props.choices}
        value={chosen}
        disabled={props.readOnly}
        onChange={props.onChange}
        aria-label={props.property.title ?? props.name}
      />
    </Input.Wrapper>
  );
}

function wrapped(props: FieldProps) {
  const { label, description, error, required } = labelled(props);
  return { label, description, error, required };
}

function FlagField(props: FieldProps) {
  const { label, description, disabled } = labelled(props);
  return (
    <Checkbox
      label={label}
      description={description}
      disabled={disabled}
      checked={(props.value ?? props.property.default) === true}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
    />
  );
}

function MarkField(props: FieldProps & { mark: unknown }) {
  const { label, description, disabled } = labelled(props);
  return (
    <Checkbox
      label={`${label} ${String(props.mark)}`}
      description={description}
      disabled={disabled}
      checked={props.value === props.mark}
      onChange={(event) => props.onChange(event.currentTarget.checked ? props.mark : undefined)}
    />
  );
}

const UNITS: Unit[] = ["minutes", "hours", "days", "weeks"];

function DurationField(props: FieldProps) {
  const told = text(props.value);
  const parts = simple(told);
  if (told && !parts) {
    return (
      <TextInput
        {...labelled(props)}
        value={told}
        onChange={(event) => props.onChange(event.currentTarget.value || undefined)}
      />
    );
  }
  const unit = parts?.unit ?? "days";
  const { label, disabled } = labelled(props);
  return (
    <Input.Wrapper {...wrapped(props)}>
      <Group gap="xs" wrap="nowrap" mt={4}>
        <NumberInput
          aria-label={label}
          style={{ flex: 1 }}
          min={1}
          max={9999}
          allowDecimal={false}
          disabled={disabled}
          value={parts?.count ?? ""}
          onChange={(count) => props.onChange(Number(count) > 0 ? toIso(Number(count), unit) : undefined)}
        />
        <Select
          aria-label={`Unit of ${label}`}
          w={110}
          data={UNITS}
          value={unit}
          allowDeselect={false}
          disabled={disabled}
          onChange={(chosen) => props.onChange(toIso(parts?.count ?? 1, chosen ?? unit))}
        />
      </Group>
    </Input.Wrapper>
  );
}
