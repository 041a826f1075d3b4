const KEY = /^[a-z0-9][a-z0-9_-]{0,99}$/;
const LONGEST = 80;

/** A key made of a name: `Hot leads!` becomes `hot-leads`. */
export function keyOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
}

export function wrongKey(key: string): string | null {
  return KEY.test(key) ? null : "Small letters, digits, - and _, such as hot-leads";
}
