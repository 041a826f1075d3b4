// Types of each service's API, from its committed OpenAPI description: openapi/<service>.json.
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename } from "node:path";

for (const file of readdirSync("openapi")) {
  const service = basename(file, ".json");
  const target = `src/api/generated/${service}.d.ts`;
  execFileSync("npx", ["--no-install", "openapi-typescript", `openapi/${file}`, "-o", target], {
    stdio: "pipe",
  });
}
