import { Badge } from "@mantine/core";

/** Whether it does anything. */
export function State({ active }: { active: boolean }) {
  return (
    <Badge variant="light" color={active ? "teal" : "gray"} tt="none">
      {active ? "in use" : "at rest"}
    </Badge>
  );
}
