/** Pieces of Liquid, and what is between them: Liquid stays as it is written. */
const LIQUID = /(\{\{.*?\}\}|\{%.*?%\})/s;

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "<br />",
};
const MEANT = Object.fromEntries(Object.entries(ENTITIES).map(([meant, entity]) => [entity, meant]));

export function inElement(text: string): string {
  return outsideLiquid(text, (part) => part.replace(/[&<>\n]/g, (one) => ENTITIES[one] ?? one));
}

export function inAttribute(text: string): string {
  return outsideLiquid(text, (part) => part.replace(/[&<>"]/g, (one) => ENTITIES[one] ?? one));
}

/** What was meant by text that one of the two above has written. */
export function meant(written: string): string {
  return outsideLiquid(written, (part) =>
    part.replace(/&amp;|&lt;|&gt;|&quot;|<br \/>/g, (entity) => MEANT[entity] ?? entity),
  );
}

function outsideLiquid(text: string, change: (part: string) => string): string {
  return text
    .split(LIQUID)
    .map((part, at) => (at % 2 ? part : change(part)))
    .join("");
}
