import { ActionIcon, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlusMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { points, told } from "../api/client";
import { useMay } from "../session/context";
import { Failed } from "../shell/failed";
import { Adjust } from "./adjust";
import { Card } from "./card";

/** A contact's points. What they come from stands in its ledger. */
export function Score({ contactId }: { contactId: string }) {
  const [adjusting, { open, close }] = useDisclosure(false);
  const mayRead = useMay("points:read");
  const mayAdjust = useMay("points:write");
  const { data, error, refetch } = useQuery({
    queryKey: ["contacts", contactId, "score"],
    queryFn: () =>
      told(points.GET("/contacts/{contact_id}/score", { params: { path: { contact_id: contactId } } })),
    enabled: mayRead,
    refetchInterval: 10_000,
  });
  const adjust = mayAdjust && (
    <ActionIcon variant="subtle" color="gray" aria-label="Give or take points" onClick={open}>
      <IconPlusMinus size={16} />
    </ActionIcon>
  );
  return (
    <Card title="Points" action={adjust}>
      {error && <Failed error={error} again={() => void refetch()} />}
      {data && (
        <Text fz={28} fw={650} lh={1} className="numbers">
          {data.score.toLocaleString()}
        </Text>
      )}
      {adjusting && <Adjust contactId={contactId} onClose={close} />}
    </Card>
  );
}
