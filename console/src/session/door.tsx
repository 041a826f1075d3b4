import { Center, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Mark } from "../shell/mark";

/** The page around whoever is not in yet. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack w="100%" maw={380} gap="lg">
        <Mark size={40} />
        <Paper withBorder p="xl">
          <Stack>
            <Title order={1}>{title}</Title>
            {children}
          </Stack>
        </Paper>
        <Text size="sm" c="dimmed" ta="center">
          No invitation yet? Ask an admin of your Canvass, or run <code>canvass login</code> where it is
          installed.
        </Text>
      </Stack>
    </Center>
  );
}
