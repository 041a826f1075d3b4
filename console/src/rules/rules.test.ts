import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemOf } from "./context";
import { rules, wheres } from "./any-rules";
import {
  added,
  isWhole,
  moved,
  newRule,
  ofBehaviour,
  ofSort,
  replaced,
  without,
  withOperator,
} from "./edits";
import {
  type Behaviour,
  BEHAVIOURS,
  type BehaviourRule,
  type FieldRule,
  type Group,
  OPERATORS,
} from "./language";
import { keptWhere, read, readWhere } from "./reading";
import { numberOf, operatorsFor, SORTS, sortOf, textOf } from "./sorts";
import { inWords } from "./words";

/** All rules in it, however deep, as the builder walks them. */
function everyRule(
  rule: unknown,
  about: Behaviour | null = null,
): { rule: unknown; about: Behaviour | null }[] {
  const known = read(rule, about);
  const here = [{ rule, about }];
  if (known.kind === "group") return [...here, ...known.rule.rules.flatMap((one) => everyRule(one, about))];
  if (known.kind !== "behaviour") return here;
  const { where, behaviour } = known.rule;
  return [...here, ...(readWhere(where)?.rules ?? []).flatMap((one) => everyRule(one, behaviour))];
}

/** As each row of the builder puts back what it was given. */
function putBack(rule: unknown, about: Behaviour | null = null): unknown {
  const known = read(rule, about);
  if (known.kind !== "group") return rule;
  return known.rule.rules.reduce<Group>(
    (group, one, at) => replaced(group, at, putBack(one, about)),
    known.rule,
  );
}

const fieldRules = rules.map((group) =>
  everyRule(group).flatMap(({ rule, about }) => {
    const known = read(rule, about);
    return known.kind === "field" ? [known.rule] : [];
  }),
);

describe("any rules that the services take", () => {
  it("are understood, each of them", () => {
    fc.assert(
      fc.property(rules, (group) => {
        for (const { rule, about } of everyRule(group)) expect(read(rule, about).kind).not.toBe("unknown");
      }),
    );
  });

  it("survive the builder unchanged", () => {
    fc.assert(
      fc.property(rules, (group) => {
        const before = JSON.stringify(group);
        expect(JSON.stringify(putBack(group))).toBe(before);
        expect(JSON.stringify(group)).toBe(before);
      }),
    );
  });

  it("are whole, and can be said in words", () => {
    fc.assert(
      fc.property(rules, (group) => {
        expect(isWhole(group)).toBe(true);
        expect(inWords(group)).not.toBe("");
      }),
    );
  });

  it("are as they were when a rule is added and taken out, or moved there and back", () => {
    fc.assert(
      fc.property(rules, fc.nat(), (group, which) => {
        const place = which % group.rules.length;
        expect(without(added(group, { tag: "x" }), group.rules.length)).toEqual(group);
        const last = place === group.rules.length - 1;
        expect(last ? moved(group, place, 1) : moved(moved(group, place, 1), place + 1, -1)).toEqual(group);
      }),
    );
  });
});

describe("where", () => {
  it("is a group also where it is said for short, and asks for the same", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...BEHAVIOURS).chain((about) => wheres(about)),
        (where) => {
          const group = readWhere(where);
          expect(group).not.toBeNull();
          if (where && typeof where === "object" && !("match" in where)) {
            const told = (group?.rules ?? []) as FieldRule[];
            expect(Object.fromEntries(told.map(({ field, value }) => [field, value]))).toEqual(where);
          }
        },
      ),
    );
  });

  it("is nothing when it asks nothing", () => {
    expect(readWhere(undefined)).toEqual({ match: "all", rules: [] });
    expect(keptWhere({ match: "any", rules: [] })).toBeUndefined();
  });

  it("of another behaviour asks only what that can be asked", () => {
    const rule: BehaviourRule = {
      behaviour: "page_viewed",
      where: { path: "/pricing", "properties.plan": "pro" },
      at_least: 3,
    };
    expect(ofBehaviour(rule, "event_tracked")).toEqual({
      behaviour: "event_tracked",
      where: { match: "all", rules: [{ field: "properties.plan", operator: "=", value: "pro" }] },
      at_least: 3,
    });
    expect(ofBehaviour({ behaviour: "page_viewed", where: { path: "/" } }, "email_opened")).toEqual({
      behaviour: "email_opened",
    });
  });
});

describe("a field rule", () => {
  it("with another operator, or another sort of value, is one that is understood", () => {
    fc.assert(
      fc.property(
        fieldRules,
        fc.constantFrom(...OPERATORS),
        fc.constantFrom(...SORTS),
        (found, operator, sort) => {
          for (const rule of found) {
            expect(read(withOperator(rule, operator), null).kind).toBe("field");
            expect(read(ofSort(rule, sort.value), null).kind).toBe("field");
            expect(operatorsFor(sort.value)).toContain(ofSort(rule, sort.value).operator);
          }
        },
      ),
    );
  });

  it("keeps its value on the way to a list and back", () => {
    const rule: FieldRule = { field: "country", operator: "=", value: "CA" };
    expect(withOperator(rule, "in")).toEqual({ field: "country", operator: "in", value: ["CA"] });
    expect(withOperator(withOperator(rule, "in"), "=")).toEqual(rule);
    expect(withOperator(rule, "is_set")).toEqual({ field: "country", operator: "is_set" });
  });

  it("compares numbers as they are, whatever is typed", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -(2 ** 53), max: 2 ** 53 }), (number) => {
        expect(numberOf(textOf(number))).toBe(number === 0 ? 0 : number);
      }),
    );
    expect(["", " ", "12a", "1e400"].map(numberOf)).toEqual([null, null, null, null]);
  });

  it("knows a date from another text", () => {
    expect([sortOf("2026-12-01"), sortOf("2026"), sortOf(7), sortOf(false)]).toEqual([
      "date",
      "text",
      "number",
      "flag",
    ]);
  });
});

describe("what is not understood", () => {
  it("is left alone", () => {
    for (const rule of [
      { segment: "vip" },
      { field: "a", operator: "near", value: 1 },
      { tag: "x", since: 1 },
      7,
    ]) {
      expect(read(rule, null)).toEqual({ kind: "unknown", rule });
    }
    expect(read({ tag: "x" }, "page_viewed").kind).toBe("unknown");
  });
});

describe("a new rule", () => {
  it("is understood, and not whole before it says what it is about", () => {
    for (const kind of ["field", "tag", "group"] as const) {
      const group = { match: "all", rules: [newRule(kind, null)] };
      expect(read(group.rules[0], null).kind).toBe(kind);
      expect(isWhole(group)).toBe(false);
    }
    expect(isWhole({ match: "all", rules: [newRule("behaviour", null)] })).toBe(true);
  });
});

describe("a problem", () => {
  it("is told at the innermost rule that has it", () => {
    const problems = { "/rules/1/where/rules/0/value": "must be a text" };
    expect(problemOf(problems, "/rules/1/where/rules/0")).toBe("must be a text");
    expect(problemOf(problems, "/rules/1")).toBeUndefined();
    expect(problemOf({ "/rules/0/field": "must be a name" }, "/rules/0")).toBe("must be a name");
  });
});

describe("rules in words", () => {
  it("are what people would say", () => {
    const rule = {
      match: "all",
      rules: [
        { field: "country", operator: "=", value: "CA" },
        { match: "any", rules: [{ tag: "vip" }, { field: "score", operator: ">", value: 50 }] },
        { behaviour: "page_viewed", where: { path: "/pricing" }, at_least: 3, within: "P7D" },
        { match: "none", rules: [{ behaviour: "email_opened" }] },
      ],
    };
    expect(inWords(rule)).toBe(
      "country is CA and (tagged vip or score is more than 50) and " +
        "viewed a page where path is /pricing 3 times within 1 week".replace("1 week", "7 days") +
        " and not opened an e-mail",
    );
  });
});
