import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MailServer, NO_SERVER, readServer, type Security, writeServer } from "./mail-server";

const servers: fc.Arbitrary<MailServer> = fc.record({
  host: fc.domain(),
  port: fc.oneof(fc.constant(""), fc.integer({ min: 1, max: 65535 }).map(String)),
  security: fc.constantFrom<Security>("auto", "required", "never", "smtps"),
  user: fc.string({ minLength: 1, maxLength: 40 }),
  password: fc.string({ maxLength: 40 }),
});

describe("the address of a mail server", () => {
  it("says what was filled in, whatever is in the password", () => {
    fc.assert(
      fc.property(servers, (server) => {
        expect(readServer(writeServer(server))).toEqual(server);
      }),
    );
  });

  it("keeps a hidden password hidden", () => {
    const shown = "smtp://ann:***@mail.example.com:587?tls=required";
    expect(writeServer(readServer(shown))).toBe(shown);
  });

  it("is an empty form where there is none yet", () => {
    expect(readServer("")).toEqual(NO_SERVER);
  });
});
