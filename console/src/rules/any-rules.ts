import fc from "fast-check";
import {
  ABOUT,
  type Behaviour,
  BEHAVIOURS,
  CHOICES,
  type Group,
  MATCHES,
  ORDERS,
  PRESENCES,
  PROPERTY,
  SAME,
  WORDINGS,
} from "./language";

/** Any rules that the services take, for property tests. */
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const scalar = fc.oneof(text, fc.integer(), fc.double({ noNaN: true, min: -1e9, max: 1e9 }), fc.boolean());
const key = fc.string({ minLength: 1, maxLength: 12 }).map((name) => name.replaceAll(".", "_"));

function fieldRule(field: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const asking = (operators: readonly string[], value: fc.Arbitrary<unknown>) =>
    fc.record({ field, operator: fc.constantFrom(...operators), value });
  return fc.oneof(
    asking(SAME, scalar),
    asking(ORDERS, fc.oneof(text, fc.integer())),
    asking(WORDINGS, text),
    asking(CHOICES, fc.array(scalar, { minLength: 1, maxLength: 4 })),
    fc.record({ field, operator: fc.constantFrom(...PRESENCES) }),
  );
}

function askable(about: Behaviour): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(...ABOUT[about]),
    key.map((name) => PROPERTY + name),
  );
}

function groupsOf(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<Group> {
  const { group } = fc.letrec<{ group: Group; rule: unknown }>((tie) => ({
    group: fc.record({
      match: fc.constantFrom(...MATCHES),
      rules: fc.array(tie("rule"), { minLength: 1, maxLength: 3 }),
    }),
    rule: fc.oneof({ maxDepth: 2 }, leaf, tie("group")),
  }));
  return group;
}

export function wheres(about: Behaviour): fc.Arbitrary<unknown> {
  return fc.oneof(
    groupsOf(fieldRule(askable(about))),
    fc.dictionary(askable(about), scalar, { maxKeys: 3, noNullPrototype: true }),
    fc.constant(null),
  );
}

const behaviourRule = fc.constantFrom(...BEHAVIOURS).chain((behaviour) =>
  fc.record(
    {
      behaviour: fc.constant(behaviour),
      where: wheres(behaviour),
      at_least: fc.integer({ min: 1, max: 9 }),
      within: fc.constantFrom("P7D", "PT4H", "P1DT12H", "P0W", null),
    },
    { requiredKeys: ["behaviour"] },
  ),
);

export const rules: fc.Arbitrary<Group> = groupsOf(
  fc.oneof(fieldRule(key), fc.record({ tag: key }), behaviourRule),
);
