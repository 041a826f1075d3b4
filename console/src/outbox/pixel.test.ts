import { expect, it } from "vitest";
import { withoutPixel } from "./pixel";

const HOST = "https://t.example.com";

it("takes the open pixel out of an e-mail, and nothing else", () => {
  const shown = withoutPixel(
    `<p>Hi</p><img src="https://shop.example.com/a.png"><img src="${HOST}/o/abc.gif">`,
    HOST,
  );
  expect(shown).toContain("<p>Hi</p>");
  expect(shown).toContain("shop.example.com/a.png");
  expect(shown).not.toContain("/o/abc.gif");
});
