import type { Block, Design } from "./design";
import { meant } from "./escaping";
import { FOOTER, HEADING, writeDesign } from "./writing";

const COLOUR = /<mj-button background-color="([^"]*)" color/;
const PREVIEW = /<mj-preview>(.*?)<\/mj-preview>/s;
const COLUMN = /<mj-column>\n(.*?)\n {6}<\/mj-column>/gs;
const ROW =
  /<mj-(text|button|image|divider)((?: [a-z-]+="(?:\{\{.*?\}\}|\{%.*?%\}|[^"])*")*)(?: \/>|>(.*?)<\/mj-\1>)/gs;
const ATTRIBUTE = /([a-z-]+)="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"/gs;
const LINK = /^(.*) <a href="[^"]*">(.*)<\/a>$/s;

/** The design that MJML was written from; null for MJML that people have written otherwise, and would lose by it. */
export function readDesign(mjml: string): Design | null {
  const [, body = ""] = mjml.split("<mj-body", 2);
  const sections = body.split("<mj-section").slice(1);
  const design: Design = {
    preview: meant(PREVIEW.exec(mjml)?.[1] ?? ""),
    colour: meant(COLOUR.exec(mjml)?.[1] ?? ""),
    blocks: sections.flatMap(blocksIn),
  };
  return writeDesign(design) === mjml ? design : null;
}

function blocksIn(section: string): Block[] {
  const columns = [...section.matchAll(COLUMN)].map(([, rows = ""]) => [...rows.matchAll(ROW)].map(blockOf));
  const [left, right] = columns.map(([first]) => (first?.kind === "text" ? first.text : ""));
  if (columns.length === 2) return [{ kind: "columns", left: left ?? "", right: right ?? "" }];
  return columns[0] ?? [];
}

function blockOf([, element, attributes = "", inside = ""]: RegExpMatchArray): Block {
  const told = new Map(
    [...attributes.matchAll(ATTRIBUTE)].map(([, name, value = ""]) => [name, meant(value)]),
  );
  switch (element) {
    case "button":
      return { kind: "button", label: meant(inside), url: told.get("href") ?? "" };
    case "image":
      return { kind: "image", src: told.get("src") ?? "", alt: told.get("alt") ?? "" };
    case "divider":
      return { kind: "divider" };
  }
  if (attributes.trim() === HEADING) return { kind: "heading", text: meant(inside) };
  const link = attributes.trim() === FOOTER ? LINK.exec(inside) : null;
  if (link) return { kind: "footer", text: meant(link[1] ?? ""), label: meant(link[2] ?? "") };
  return { kind: "text", text: meant(inside) };
}
