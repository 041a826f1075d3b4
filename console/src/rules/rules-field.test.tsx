import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import fc from "fast-check";
import { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { rules } from "./any-rules";
import { RulesField } from "./rules-field";

let shown: { unmount: () => void } | null = null;

beforeAll(() => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  Object.assign(document, { fonts: new EventTarget() }); // which this DOM has none of
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});
afterEach(() => act(() => shown?.unmount()));

function show(value: unknown, schema = "#/$defs/rules") {
  const onChange = vi.fn<(value: unknown) => void>();
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  const root = createRoot(place);
  shown = root;
  act(() =>
    root.render(
      <MantineProvider env="test">
        <QueryClientProvider client={new QueryClient()}>
          <RulesField
            label="Rules"
            description={undefined}
            error={undefined}
            schema={schema}
            value={value}
            onChange={onChange}
            readOnly={false}
          />
        </QueryClientProvider>
      </MantineProvider>,
    ),
  );
  return { place, onChange };
}

const named = (place: HTMLElement, label: string) => [...place.querySelectorAll(`[aria-label="${label}"]`)];

function choose(field: Element | undefined, value: string) {
  const select = field as HTMLSelectElement;
  act(() => {
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

describe("the builder", () => {
  it("shows any rules without changing them", () => {
    fc.assert(
      fc.property(rules, (group) => {
        const { onChange } = show(group);
        expect(onChange).not.toHaveBeenCalled();
        act(() => shown?.unmount());
      }),
      { numRuns: 3, endOnFailure: true },
    );
  }, 60_000);

  it("changes an operator, and leaves everything else", () => {
    const rest = [{ tag: "vip" }, { segment: "unknown to us" }];
    const { place, onChange } = show({
      match: "any",
      rules: [{ field: "city", operator: "=", value: "Oslo" }, ...rest],
    });
    choose(named(place, "How it is compared")[0], "in");
    expect(onChange).toHaveBeenCalledWith({
      match: "any",
      rules: [{ field: "city", operator: "in", value: ["Oslo"] }, ...rest],
    });
  });

  it("takes out the rule that it is told to, and asks nothing when none is left", () => {
    const { place, onChange } = show({ path: "/pricing" }, "#/$defs/page_viewed_where_of");
    const [button] = named(place, "Take out: path is /pricing");
    act(() => (button as HTMLButtonElement).click());
    expect(onChange).toHaveBeenCalledWith(undefined);
  });

  it("moves rules by keys", () => {
    const { place, onChange } = show({ match: "all", rules: [{ tag: "a" }, { tag: "b" }] });
    const key = new KeyboardEvent("keydown", { key: "ArrowDown", altKey: true, bubbles: true });
    act(() => {
      named(place, "Tag")[0]?.dispatchEvent(key);
    });
    expect(onChange).toHaveBeenCalledWith({ match: "all", rules: [{ tag: "b" }, { tag: "a" }] });
  });

  it("shows as JSON what is no rules at all", () => {
    const { place, onChange } = show(["what"]);
    expect(place.querySelector("textarea")?.value).toContain("what");
    expect(onChange).not.toHaveBeenCalled();
  });
});
