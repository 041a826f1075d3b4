import { Center, Loader } from "@mantine/core";

/** Something is on its way. Said to whoever cannot see it turn. */
export function Waiting({ label = "Loading" }: { label?: string }) {
  return (
    <Center p="xl" mih={200} role="status" aria-label={label}>
      <Loader size="sm" />
    </Center>
  );
}
