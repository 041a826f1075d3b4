// Types of each service's API, from its committed OpenAPI description: openapi/<service>.json.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";

const made = "src/api/generated";
mkdirSync(made, { recursive: true });
for (const file of readdirSync("openapi")) {
  const description = new URL(`../openapi/${file}`, import.meta.url);
  const text = astToString(await openapiTS(description));
  const target = `${made}/${basename(file, ".json")}.d.ts`;
  if (text !== read(target)) writeFileSync(target, text);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
