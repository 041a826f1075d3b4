import { describe, expect, it } from "vitest";
import type { Form } from "./edit-form";
import { documentOf, nextField, valuesOf } from "./values";

const FORM: Form = {
  key: "webinar",
  revision: 3,
  updated_at: "2026-01-01T00:00:00Z",
  document: {
    name: "Webinar",
    fields: [
      { name: "email", type: "email", label: "E-mail", required: true, maps_to: "email", value: "" },
      { name: "note", type: "text", label: "", required: false, maps_to: null, value: "" },
    ],
    message: "See you!",
    redirect_to: null,
    confirm: { template: "please-confirm" },
    phone_region: "CA",
  },
};

describe("a form that is edited", () => {
  it("is the same when nothing is changed", () => {
    expect(documentOf(valuesOf(FORM))).toEqual(FORM.document);
  });

  it("begins by asking for the e-mail", () => {
    expect(valuesOf(null).fields.map((field) => field.maps_to)).toEqual(["email"]);
  });

  it("never calls a new question like one that is there", () => {
    const first = nextField([]);
    const second = nextField([{ ...first, name: "field2" }]);
    expect(second.name).toBe("field3");
  });
});
