import { Group, Text } from "@mantine/core";

/** The name and its sign. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <Group gap="xs" wrap="nowrap">
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
        <rect width="32" height="32" rx="8" fill="var(--mantine-primary-color-filled)" />
        <path
          d="M8 16h6l3-6 3 12 2-6h3"
          fill="none"
          stroke="white"
          strokeWidth="2.4"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <Text fw={650} fz={size * 0.68} lh={1}>
        Canvass
      </Text>
    </Group>
  );
}
