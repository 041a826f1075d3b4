import { expect, it } from "vitest";
import { snippets } from "./snippets";

const HOST = "https://t.example.com";

it.each(snippets(HOST, "wk_1"))("what to paste for $label names the host and the write key", ({ code }) => {
  expect(code).toContain(HOST);
  expect(code).toContain("wk_1");
});
