/** The characters that telephones have seven bits for (GSM 03.38); some of them take two places. */
const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const TWICE = "^{}\\[~]|€";

/** How long a text is, and in how many messages it leaves: 160 characters each, or 70 where it has others. */
export function partsOf(text: string): { length: number; parts: number } {
  const plain = Array.from(text).every((one) => BASIC.includes(one) || TWICE.includes(one));
  const length = plain
    ? Array.from(text).reduce((sum, one) => sum + (TWICE.includes(one) ? 2 : 1), 0)
    : text.length;
  const [whole, divided] = plain ? [160, 153] : [70, 67];
  return { length, parts: length <= whole ? 1 : Math.ceil(length / divided) };
}
