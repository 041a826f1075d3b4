import { JsonField } from "../shell/json-field";

interface RulesFieldProps {
  label: string;
  description: string | undefined;
  error: string | undefined;
  /** `#/$defs/rules` for rules about contacts, `#/$defs/page_viewed_where` and so on for behaviours. */
  schema: string;
  value: unknown;
  onChange: (value: unknown) => void;
  readOnly: boolean;
}

/** Rules of the rule language. */
export function RulesField(props: RulesFieldProps) {
  return <JsonField {...props} />;
}
