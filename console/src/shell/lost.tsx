import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Empty } from "./empty";

/** An address that leads nowhere. */
export function Lost() {
  return (
    <Empty
      icon={IconMapOff}
      title="There is nothing here"
      action={
        <Button component={Link} to="/campaigns">
          To the campaigns
        </Button>
      }
    >
      The address may be misspelt, or what was here is gone.
    </Empty>
  );
}
