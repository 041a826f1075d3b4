import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STARTERS } from "../starters";
import { type Block, type Design, NEW_BLOCKS, plainText } from "./design";
import { meant, inAttribute, inElement } from "./escaping";
import { readDesign } from "./reading";
import { writeDesign } from "./writing";

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(
    "a\nb",
    'He said "1 < 2 & 3 > 2"',
    '{{ contact.name | default: "x < y" }}',
    "{% if a %}&amp;{% endif %}",
    "",
  ),
);
const blocks: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant("heading" as const), text }),
  fc.record({ kind: fc.constant("text" as const), text }),
  fc.record({ kind: fc.constant("button" as const), label: text, url: text }),
  fc.record({ kind: fc.constant("image" as const), src: text, alt: text }),
  fc.constant({ kind: "divider" as const }),
  fc.record({ kind: fc.constant("columns" as const), left: text, right: text }),
  fc.record({ kind: fc.constant("footer" as const), text, label: text }),
);
const designs: fc.Arbitrary<Design> = fc.record({
  preview: text,
  colour: fc.constantFrom("#4263eb", "#000000"),
  blocks: fc.array(blocks, { maxLength: 8 }),
});

describe("a design", () => {
  it("written as MJML is read back as it was", () => {
    fc.assert(
      fc.property(designs, (design) => {
        expect(readDesign(writeDesign(design))).toEqual(design);
      }),
    );
  });

  it("is not made of MJML that somebody has changed in a way that blocks cannot say", () => {
    const mjml = writeDesign({ preview: "", colour: "#4263eb", blocks: [NEW_BLOCKS.text] });
    expect(readDesign(mjml)).not.toBeNull();
    for (const changed of [
      mjml.replace("<mj-text>", '<mj-text align="right">'),
      mjml.replace("</mj-section>", "</mj-section><!-- mine -->"),
      "<mjml><mj-body></mj-body></mjml>",
      "",
    ]) {
      expect(readDesign(changed)).toBeNull();
    }
  });

  it("is said in plain text, too, with its links", () => {
    const design = {
      preview: "",
      colour: "#000000",
      blocks: [NEW_BLOCKS.heading, NEW_BLOCKS.button, NEW_BLOCKS.footer],
    };
    const said = plainText(design);
    expect(said).toContain("See more: https://example.com/");
    expect(said).toContain("{{ unsubscribe_url }}");
  });
});

describe("text in MJML", () => {
  it("means what was typed, with Liquid as it was written", () => {
    fc.assert(
      fc.property(text, (typed) => {
        expect(meant(inElement(typed))).toBe(typed);
        expect(meant(inAttribute(typed))).toBe(typed);
      }),
    );
    expect(inElement('<b> {{ "a" | append: "<" }}')).toBe('&lt;b&gt; {{ "a" | append: "<" }}');
  });
});

describe("the starters", () => {
  it("are five, can be edited as blocks, and let people unsubscribe", () => {
    expect(STARTERS).toHaveLength(5);
    for (const { design } of STARTERS) {
      expect(readDesign(writeDesign(design))).toEqual(design);
      expect(writeDesign(design)).toContain("{{ unsubscribe_url }}");
    }
  });
});
