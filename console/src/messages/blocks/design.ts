/** An e-mail as a list of blocks, and how it looks. Texts are plain, and may have Liquid in them. */
export interface Design {
  /** What mailboxes show beside the subject. */
  preview: string;
  /** Of buttons and headings' lines, as `#4263eb`. */
  colour: string;
  blocks: Block[];
}

export type Block =
  | { kind: "heading"; text: string }
  | { kind: "text"; text: string }
  | { kind: "button"; label: string; url: string }
  | { kind: "image"; src: string; alt: string }
  | { kind: "divider" }
  | { kind: "columns"; left: string; right: string }
  | { kind: "footer"; text: string; label: string };

export type BlockKind = Block["kind"];

export const NEW_BLOCKS: Record<BlockKind, Block> = {
  heading: { kind: "heading", text: "A heading" },
  text: { kind: "text", text: "Hello {{ contact.first_name | default: 'there' }}," },
  button: { kind: "button", label: "See more", url: "https://example.com/" },
  image: { kind: "image", src: "https://example.com/picture.png", alt: "" },
  divider: { kind: "divider" },
  columns: { kind: "columns", left: "On the left", right: "On the right" },
  footer: { kind: "footer", text: "You get this because you asked for it.", label: "Unsubscribe" },
};

export const BLOCK_WORDS: Record<BlockKind, string> = {
  heading: "Heading",
  text: "Text",
  button: "Button",
  image: "Image",
  divider: "Divider",
  columns: "Two columns",
  footer: "Unsubscribe link",
};

/** The plain text part that says the same. */
export function plainText({ blocks }: Design): string {
  return `${blocks.map(blockInText).filter(Boolean).join("\n\n")}\n`;
}

function blockInText(block: Block): string {
  switch (block.kind) {
    case "heading":
    case "text":
      return block.text;
    case "button":
      return `${block.label}: ${block.url}`;
    case "image":
      return block.alt;
    case "divider":
      return "---";
    case "columns":
      return `${block.left}\n\n${block.right}`;
    case "footer":
      return `${block.text}\n${block.label}: {{ unsubscribe_url }}`;
  }
}
