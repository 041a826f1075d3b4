import { Text, Textarea } from "@mantine/core";
import { partsOf } from "./sms";
import type { MessageDraft } from "./types";

interface SmsTextProps {
  draft: MessageDraft;
  put: (change: Partial<MessageDraft>) => void;
  problem: string | undefined;
  /** What it says to whom it is shown for. */
  said: { text: string } | undefined;
  readOnly: boolean;
}

/** The text of an SMS, and in how many parts it would leave. */
export function SmsText({ draft, put, problem, said, readOnly }: SmsTextProps) {
  const { length, parts } = partsOf(said?.text ?? draft.text);
  return (
    <>
      <Textarea
        label="Text"
        description="Liquid, such as {{ contact.first_name }}, may stand anywhere in it"
        error={problem}
        value={draft.text}
        autosize
        minRows={4}
        maxRows={14}
        maxLength={2_000}
        readOnly={readOnly}
        onChange={(event) => put({ text: event.currentTarget.value })}
      />
      <Text size="xs" c="dimmed" className="numbers">
        {length} characters, sent as {parts} {parts === 1 ? "message" : "messages"}
      </Text>
    </>
  );
}
