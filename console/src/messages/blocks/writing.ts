import type { Block, Design } from "./design";
import { inAttribute, inElement } from "./escaping";

const FONTS = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
export const HEADING = 'font-size="26px" font-weight="700" line-height="1.3"';
export const FOOTER = 'align="center" font-size="12px" color="#6b7280"';
const UNSUBSCRIBE = "{{ unsubscribe_url }}";

/** The MJML of a design. `readDesign` reads it back. */
export function writeDesign({ preview, colour, blocks }: Design): string {
  return `<mjml>
  <mj-head>
    <mj-preview>${inElement(preview)}</mj-preview>
    <mj-attributes>
      <mj-all font-family="${FONTS}" />
      <mj-text font-size="16px" line-height="1.6" color="#1f2937" />
      <mj-button background-color="${inAttribute(colour)}" color="#ffffff" border-radius="6px" font-size="16px" align="left" />
      <mj-divider border-width="1px" border-color="#e5e7eb" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f3f4f6">
${sectionsOf(blocks).join("\n")}
  </mj-body>
</mjml>
`;
}

/** Blocks one below the other share a section; two columns are one of their own. */
function sectionsOf(blocks: Block[]): string[] {
  const sections: string[] = [];
  let rows: string[] = [];
  const end = () => {
    if (rows.length) sections.push(section([rows]));
    rows = [];
  };
  for (const block of blocks) {
    if (block.kind === "columns") {
      end();
      sections.push(section([[textRow(block.left)], [textRow(block.right)]]));
    } else rows.push(row(block));
  }
  end();
  return sections;
}

function section(columns: string[][]): string {
  const inside = columns.map((rows) => `      <mj-column>\n${rows.join("\n")}\n      </mj-column>`);
  return `    <mj-section background-color="#ffffff">\n${inside.join("\n")}\n    </mj-section>`;
}

function row(block: Exclude<Block, { kind: "columns" }>): string {
  switch (block.kind) {
    case "heading":
      return `        <mj-text ${HEADING}>${inElement(block.text)}</mj-text>`;
    case "text":
      return textRow(block.text);
    case "button":
      return `        <mj-button href="${inAttribute(block.url)}">${inElement(block.label)}</mj-button>`;
    case "image":
      return `        <mj-image src="${inAttribute(block.src)}" alt="${inAttribute(block.alt)}" />`;
    case "divider":
      return "        <mj-divider />";
    case "footer":
      return `        <mj-text ${FOOTER}>${inElement(block.text)} <a href="${UNSUBSCRIBE}">${inElement(block.label)}</a></mj-text>`;
  }
}

function textRow(text: string): string {
  return `        <mj-text>${inElement(text)}</mj-text>`;
}
