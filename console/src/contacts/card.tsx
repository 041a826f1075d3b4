import { Group, Paper, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** One thing about a contact, beside its timeline. */
export function Card({
  title,
  action,
  children,
}: {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Group justify="space-between" mb="xs" mih={28}>
        <Title order={2} fz="sm">
          {title}
        </Title>
        {action}
      </Group>
      {children}
    </Paper>
  );
}
