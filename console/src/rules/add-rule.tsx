import { Button, Menu } from "@mantine/core";
import { useMergedRef } from "@mantine/hooks";
import { IconActivity, IconBraces, IconForms, IconPlus, IconTag } from "@tabler/icons-react";
import { type Ref, useRef } from "react";
import { useRules } from "./context";
import type { NewRule } from "./edits";
import { MAX_DEPTH } from "./language";

const KINDS = [
  { kind: "field", label: "What is known of them", icon: IconForms },
  { kind: "behaviour", label: "What they did", icon: IconActivity },
  { kind: "tag", label: "A tag they have", icon: IconTag },
] as const;

interface AddRuleProps {
  ref: Ref<HTMLButtonElement>;
  label: string;
  depth: number;
  onAdd: (kind: NewRule) => void;
}

/** One more rule, of the kind that is chosen. */
export function AddRule({ ref, label, depth, onAdd }: AddRuleProps) {
  const { about } = useRules();
  const kinds = about ? KINDS.slice(0, 1).map((one) => ({ ...one, label: "A rule" })) : KINDS;
  const own = useRef<HTMLButtonElement>(null);
  const button = useMergedRef(ref, own);
  const hasAdded = useRef(false);
  const add = (kind: NewRule) => {
    hasAdded.current = true;
    onAdd(kind);
  };
  const close = () => {
    if (!hasAdded.current) own.current?.focus(); // else the new rule has the focus
    hasAdded.current = false;
  };
  return (
    <Menu position="bottom-start" returnFocus={false} onClose={close}>
      <Menu.Target>
        <Button
          ref={button}
          size="compact-xs"
          fw={500}
          variant="subtle"
          style={{ alignSelf: "flex-start" }}
          leftSection={<IconPlus size={13} />}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {kinds.map(({ kind, label, icon: Icon }) => (
          <Menu.Item key={kind} leftSection={<Icon size={16} />} onClick={() => add(kind)}>
            {label}
          </Menu.Item>
        ))}
        {depth < MAX_DEPTH && (
          <Menu.Item leftSection={<IconBraces size={16} />} onClick={() => add("group")}>
            A group of rules
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
