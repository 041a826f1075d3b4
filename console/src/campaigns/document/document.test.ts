import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { add, aimed, connect, disconnect, insert, paste, remove, rename, targetsOf } from "./edits";
import { draw, stepNode, wouldLoop } from "./graph";
import { begin, go, redo, undo } from "./history";
import { laidOut, placed } from "./layout";
import { byStep } from "./problems";
import { type CampaignDocument, exitsOf, listed, shortened, type Step, startOf } from "./types";
import { fromYaml, toYaml } from "./yaml";

// A name of digits alone, which the service refuses, would change its place in a JavaScript object.
const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,11}$/);
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const scalar = fc.oneof(text, fc.integer(), fc.boolean());

/** Steps that lead only to later ones, as a valid campaign's do. */
const documents: fc.Arbitrary<CampaignDocument> = fc
  .uniqueArray(name, { minLength: 1, maxLength: 12 })
  .chain((names) =>
    fc.tuple(...names.map((_, i) => step(names.slice(i + 1)))).map((steps) => [names, steps] as const),
  )
  .chain(([names, steps]) =>
    fc.record({
      name: text,
      sources: fc.array(fc.oneof(fc.record({ segment: name }), fc.record({ event: text })), {
        minLength: 1,
        maxLength: 3,
      }),
      steps: fc.constant(Object.fromEntries(names.map((id, i) => [id, steps[i] as Step]))),
    }),
  );

function step(later: string[]): fc.Arbitrary<Step> {
  const several = fc.shuffledSubarray(later, { minLength: Math.min(2, later.length) });
  const next = fc.oneof(fc.constant(null), several.map(shortened));
  return fc.oneof(
    fc.record({ do: fc.constant("send_email" as const), template: name, next }),
    fc.record({ do: fc.constant("wait" as const), for: fc.constant("PT4H"), next }),
    fc.record({ decide: fc.constant("opened" as const), within: fc.constant("P3D"), yes: next, no: next }),
    fc.record({
      if: fc.record({
        match: fc.constant("all"),
        rules: fc.array(fc.record({ field: name, value: scalar })),
      }),
      yes: next,
      no: next,
    }),
  );
}

const WAIT: Step = { do: "wait", for: "P1D", next: null };

describe("a document", () => {
  it("survives its way through YAML unchanged, down to the order of its steps", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const read = fromYaml(toYaml(document));
        expect(read).toEqual({ document });
        expect("document" in read && Object.keys(read.document.steps)).toEqual(Object.keys(document.steps));
      }),
    );
  });

  it("is drawn whole: each step once, each way as a line", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { nodes, lines } = draw(document);
        expect(nodes.filter((node) => node.kind === "step")).toHaveLength(Object.keys(document.steps).length);
        const ways = Object.values(document.steps).flatMap((one) =>
          exitsOf(one).flatMap((exit) => listed(one[exit])),
        );
        const starts = document.sources.length * startOf(document).length;
        expect(lines).toHaveLength(ways.length + starts);
      }),
    );
  });

  it("is not changed by where it is drawn", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const before = JSON.stringify(document);
        placed(draw(document), { [stepNode(Object.keys(document.steps)[0] ?? "")]: { x: 1, y: 2 } });
        expect(JSON.stringify(document)).toBe(before);
      }),
    );
  });
});

describe("an edit", () => {
  it("is taken back by undo and made again by redo", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const after = add(document, WAIT, "wait").document;
        const history = go(begin(document), after);
        expect(undo(history).present).toEqual(document);
        expect(redo(undo(history)).present).toEqual(after);
      }),
    );
  });

  it("that connects what it then disconnects leaves the document as it was", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const { document: more, id } = add(document, WAIT, "wait");
        const from = { step: Object.keys(document.steps).at(-1) ?? "", exit: "next" as const };
        fc.pre(exitsOf(document.steps[from.step] as Step).includes("next"));
        const joined = connect(more, from, id);
        expect(targetsOf(joined, from)).toContain(id);
        expect(disconnect(joined, from, id)).toEqual(more);
      }),
    );
  });

  it("that adds a step and removes it again leaves the document as it was", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const [first] = Object.keys(document.steps);
        const { document: more, id } = add(document, WAIT, "wait", "sources");
        expect(startOf(more)).toEqual([id]);
        expect(more.steps[id]?.next).toBe(first);
        expect(remove(more, [id])).toEqual(document);
      }),
    );
  });

  it("that removes steps leaves no line to them", () => {
    fc.assert(
      fc.property(documents, fc.nat(), (document, which) => {
        const names = Object.keys(document.steps);
        const gone = names[which % names.length] ?? "";
        const left = remove(document, [gone]);
        const ways = Object.values(left.steps).flatMap((one) =>
          exitsOf(one).flatMap((exit) => listed(one[exit])),
        );
        expect([...ways, ...startOf(left)]).not.toContain(gone);
      }),
    );
  });

  it("that puts a step into a line keeps the others", () => {
    const document: CampaignDocument = {
      name: "n",
      sources: [{ segment: "s" }],
      steps: { a: { ...WAIT, next: ["b", "c"] }, b: WAIT, c: WAIT },
    };
    const { document: more, id } = insert(document, WAIT, "b", { step: "a", exit: "next" }, "b");
    expect(id).toBe("b-2");
    expect(more.steps["a"]?.next).toEqual(["b-2", "c"]);
    expect(more.steps["b-2"]?.next).toBe("b");
  });

  it("that renames a step and back leaves the document as it was", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const [first] = Object.keys(document.steps);
        const there = rename(document, first ?? "", "quite-another-name");
        expect(rename(there, "quite-another-name", first ?? "")).toEqual(document);
      }),
    );
  });

  it("that puts a decision behind an e-mail asks about that e-mail", () => {
    const steps: Record<string, Step> = {
      mail: { do: "send_email", template: "t", next: null },
      opened: { decide: "opened", yes: null, no: null },
    };
    const document = { name: "n", sources: [{ segment: "s" }], steps };
    const from = { step: "mail", exit: "next" as const };
    expect(aimed(document, from, "opened").steps["opened"]?.["of"]).toBe("mail");
    expect(aimed(document, "sources", "opened")).toBe(document);
  });

  it("that pastes copies steps with the lines among them, and no others", () => {
    const document: CampaignDocument = {
      name: "n",
      sources: [{ segment: "s" }],
      steps: {
        a: { do: "send_email", next: "b" },
        b: { decide: "opened", of: "a", yes: "c", no: null },
        c: WAIT,
      },
    };
    const { a, b } = document.steps;
    const { document: more, ids } = paste(document, { a: a as Step, b: b as Step });
    expect(ids).toEqual(["a-2", "b-2"]);
    expect(more.steps["a-2"]?.next).toBe("b-2");
    expect(more.steps["b-2"]).toEqual({ decide: "opened", of: "a-2", yes: null, no: null });
  });
});

describe("a line", () => {
  it("back to where it came from would be a loop", () => {
    const steps = { a: { ...WAIT, next: "b" }, b: { ...WAIT, next: "c" }, c: WAIT };
    const document = { name: "n", sources: [{ segment: "s" }], steps };
    expect(wouldLoop(document, "c", "a")).toBe(true);
    expect(wouldLoop(document, "a", "c")).toBe(false);
  });
});

describe("a layout", () => {
  it("gives every node a place of its own, and leaves alone what people have placed", () => {
    fc.assert(
      fc.property(documents, (document) => {
        const graph = draw(document);
        const own = Object.values(laidOut(graph)).map(({ x, y }) => `${x}/${y}`);
        expect(new Set(own).size).toBe(graph.nodes.length);
        const first = graph.nodes[0]?.id ?? "";
        expect(placed(graph, { [first]: { x: -7, y: 7 } })[first]).toEqual({ x: -7, y: 7 });
      }),
      { numRuns: 30 },
    );
  });
});

describe("what the service says is wrong", () => {
  it("is found at the step where it is", () => {
    const problems = byStep({
      "/steps/a~1b/template": "is missing",
      "/name": "is empty",
      "/steps/c": "leads nowhere",
    });
    expect(problems).toEqual({
      "a/b": [{ at: "template", message: "is missing" }],
      "": [{ at: "name", message: "is empty" }],
      c: [{ at: "", message: "leads nowhere" }],
    });
  });
});

describe("YAML", () => {
  it("that is broken says so, and where", () => {
    expect(fromYaml("name: x\nsources: [")).toMatchObject({ line: 2 });
    expect(fromYaml("- 1")).toMatchObject({ error: expect.stringContaining("a list of sources") as string });
  });
});
