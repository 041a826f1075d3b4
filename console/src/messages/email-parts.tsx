import { Alert, Button, SegmentedControl, TextInput } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SourceField } from "../shell/source-field";
import { BlockList } from "./blocks/block-list";
import { type Design, plainText } from "./blocks/design";
import { readDesign } from "./blocks/reading";
import { writeDesign } from "./blocks/writing";
import type { MessageDraft } from "./types";

interface EmailPartsProps {
  draft: MessageDraft;
  put: (change: Partial<MessageDraft>) => void;
  problems: Record<string, string>;
  readOnly: boolean;
}

/** The subject of an e-mail, its design by blocks or as source, and its plain text. */
export function EmailParts({ draft, put, problems, readOnly }: EmailPartsProps) {
  const { part } = useSearch({ from: "/inside/messages/$key" });
  const navigate = useNavigate({ from: "/messages/$key" });
  const design = draft.mjml === null ? null : readDesign(draft.mjml);
  const shown = part ?? (design ? "blocks" : "source");
  const show = (next: string) =>
    void navigate({
      search: (before) => ({ ...before, part: next as "blocks" | "source" | "text" }),
      replace: true,
    });
  const putDesign = (next: Design) => {
    const follows = design !== null && draft.text === plainText(design);
    put({ mjml: writeDesign(next), ...(follows ? { text: plainText(next) } : {}) });
  };
  return (
    <>
      <TextInput
        label="Subject"
        value={draft.subject}
        error={problems["subject"]}
        maxLength={1_000}
        required
        readOnly={readOnly}
        onChange={(event) => put({ subject: event.currentTarget.value })}
      />
      <SegmentedControl
        aria-label="Part of the message"
        size="xs"
        value={shown}
        onChange={show}
        data={[
          ...(draft.mjml === null ? [] : [{ value: "blocks", label: "Blocks" }]),
          { value: "source", label: draft.mjml === null ? "HTML" : "MJML" },
          { value: "text", label: "Plain text" },
        ]}
      />
      {shown === "blocks" && design && <BlockList design={design} readOnly={readOnly} onChange={putDesign} />}
      {shown === "blocks" && !design && (
        <Alert variant="light" title="This design was written by hand">
          It has more in it than blocks can say: go on in its MJML, where nothing is lost.
          <Button size="xs" mt="xs" variant="light" display="block" onClick={() => show("source")}>
            To the MJML
          </Button>
        </Alert>
      )}
      {shown === "source" && (
        <SourceField
          label={draft.mjml === null ? "HTML" : "MJML"}
          description="Liquid, such as {{ contact.first_name }}, may stand anywhere in it"
          error={problems[draft.mjml === null ? "html" : "mjml"]}
          value={draft.mjml ?? draft.html ?? ""}
          readOnly={readOnly}
          onChange={(source) => put(draft.mjml === null ? { html: source } : { mjml: source })}
        />
      )}
      {shown === "text" && (
        <>
          <SourceField
            label="Plain text"
            description="For readers that show no HTML; also what screens for spam look for"
            error={problems["text"]}
            value={draft.text}
            readOnly={readOnly}
            onChange={(text) => put({ text })}
          />
          {design && !readOnly && draft.text !== plainText(design) && (
            <Button
              size="xs"
              variant="light"
              style={{ alignSelf: "flex-start" }}
              onClick={() => put({ text: plainText(design) })}
            >
              Write it from the blocks
            </Button>
          )}
        </>
      )}
    </>
  );
}
