import { Input } from "@mantine/core";
import { type KeyboardEvent, useId, useRef } from "react";
import classes from "./source-field.module.css";

interface SourceFieldProps {
  label: string;
  description?: string | undefined;
  /** `line 3: …` marks that line. */
  error?: string | undefined;
  value: string;
  readOnly: boolean;
  onChange: (source: string) => void;
}

const INDENT = "  ";

/** Source to be written by hand, with the numbers of its lines. Tab indents; Escape and Tab lead on. */
export function SourceField({ label, description, error, value, readOnly, onChange }: SourceFieldProps) {
  const id = useId();
  const numbers = useRef<HTMLDivElement>(null);
  const leaving = useRef(false);
  const wrong = Number(/^line (\d+)/.exec(error ?? "")?.[1] ?? 0);
  const lines = value.split("\n").length;
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const indents = event.key === "Tab" && !event.shiftKey && !leaving.current && !readOnly;
    leaving.current = event.key === "Escape";
    if (!indents) return;
    event.preventDefault();
    const { selectionStart: from, selectionEnd: to } = event.currentTarget;
    event.currentTarget.setRangeText(INDENT, from, to, "end");
    onChange(event.currentTarget.value);
  };
  return (
    <Input.Wrapper id={id} label={label} description={description} error={error}>
      <div className={classes["source"]} data-wrong={error !== undefined || undefined}>
        <div className={classes["numbers"]} ref={numbers} aria-hidden>
          {Array.from({ length: lines }, (_, at) => (
            <div key={at} data-wrong={at + 1 === wrong || undefined}>
              {at + 1}
            </div>
          ))}
        </div>
        <textarea
          id={id}
          className={classes["text"]}
          value={value}
          readOnly={readOnly}
          spellCheck={false}
          wrap="off"
          aria-invalid={error !== undefined}
          onKeyDown={press}
          onChange={(event) => onChange(event.currentTarget.value)}
          onScroll={(event) => numbers.current?.scrollTo({ top: event.currentTarget.scrollTop })}
        />
      </div>
    </Input.Wrapper>
  );
}
