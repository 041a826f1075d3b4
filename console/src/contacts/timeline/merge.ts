/** Something that a service tells of a contact, at its time. */
export interface Happening {
  id: string;
  at: string;
}

/** One service's part of a timeline: as much of it as was read, the youngest first. */
export interface Part<T extends Happening> {
  items: readonly T[];
  /** Whether there are older ones that were not read yet. */
  more: boolean;
}

/**
 * All parts as one timeline, the youngest first, down to where every part was read: what is older may still
 * be followed by younger ones of another part, and waits.
 */
export function merged<T extends Happening>(parts: readonly Part<T>[]): T[] {
  const floor = Math.max(...parts.map(readDownTo));
  return parts
    .flatMap((part) => part.items)
    .filter((item) => timeOf(item) >= floor)
    .sort((one, other) => timeOf(other) - timeOf(one) || (one.id < other.id ? 1 : -1));
}

/** The part that holds the timeline up: its next page is what lets it go on. -1 at its end. */
export function holdingUp<T extends Happening>(parts: readonly Part<T>[]): number {
  const floors = parts.map(readDownTo);
  const floor = Math.max(...floors);
  return floor === -Infinity ? -1 : floors.indexOf(floor);
}

function readDownTo<T extends Happening>({ items, more }: Part<T>): number {
  if (!more) return -Infinity;
  const last = items[items.length - 1];
  return last ? timeOf(last) : Infinity;
}

function timeOf(item: Happening): number {
  return new Date(item.at).getTime();
}
