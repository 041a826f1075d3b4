import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";

interface PageProps {
  title: string;
  /** One line below the title. */
  about?: ReactNode;
  /** What one can do here: buttons, at the right. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of lists and forms. (The canvas fills its page itself.) */
export function Page({ title, about, actions, children }: PageProps) {
  useDocumentTitle(`${title} · Canvass`);
  return (
    <Box p={{ base: "md", sm: "lg" }} maw={1280} mx="auto">
      <Stack gap="md">
        <Group justify="space-between" align="flex-end">
          <div>
            <Title order={1}>{title}</Title>
            {about && (
              <Text c="dimmed" size="sm">
                {about}
              </Text>
            )}
          </div>
          <Group gap="xs">{actions}</Group>
        </Group>
        {children}
      </Stack>
    </Box>
  );
}
