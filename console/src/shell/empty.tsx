import { Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface EmptyProps {
  icon: TablerIcon;
  title: string;
  /** What this is for, and how to begin. */
  children: ReactNode;
  action?: ReactNode;
}

/** Nothing is here yet: says what would be, and how to begin. */
export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="sm" py="lg">
        <ThemeIcon variant="light" size={52} radius="xl">
          <Icon size={28} stroke={1.5} />
        </ThemeIcon>
        <Title order={2}>{title}</Title>
        <Text c="dimmed" ta="center" maw={460}>
          {children}
        </Text>
        {action}
      </Stack>
    </Paper>
  );
}
