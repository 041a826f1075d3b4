import { useNavigate } from "@tanstack/react-router";
import { NewThing } from "../shell/new-thing";

/** A new segment: what it is called. Its rules follow on its own page. */
export function NewSegment({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <NewThing
      thing="segment"
      placeholder="Hot leads in Canada"
      onClose={onClose}
      onMake={(key, name) => void navigate({ to: "/segments/$key", params: { key }, search: { name } })}
    />
  );
}
