import { Alert, Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueries, useQueryClient } from "@tanstack/react-query";
import { campaigns, segments, told } from "../../api/client";
import { isMissing } from "../../api/problem";
import { say } from "../../shell/notices";
import type { Problems } from "../document/problems";
import type { CampaignDocument } from "../document/types";
import { useMissing } from "./use-missing";

interface PublishProps {
  campaign: string;
  document: CampaignDocument;
  problems: Problems;
  onClose: () => void;
}

/** What will happen, before it does: who enters, and what is missing. */
export function Publish({ campaign, document, problems, onClose }: PublishProps) {
  const queries = useQueryClient();
  const wrong = Object.values(problems).flat().length;
  const missing = useMissing(document);
  const publishing = useMutation({
    mutationFn: () =>
      told(
        campaigns.POST("/campaigns/{key}/publish", {
          params: { path: { key: campaign }, header: { "idempotency-key": crypto.randomUUID() } },
        }),
      ),
    onSuccess: ({ version, changed }) => {
      say(changed ? `Version ${version} is in force` : "This version was in force already");
      void queries.invalidateQueries({ queryKey: ["campaigns"] });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Publish this campaign?" size="lg">
      <Stack>
        <Audience document={document} />
        {wrong > 0 && (
          <Alert color="red" title={`${wrong === 1 ? "One thing is" : `${wrong} things are`} wrong in it`}>
            Look for the red marks on the canvas: a campaign is published whole.
          </Alert>
        )}
        {missing.length > 0 && (
          <Alert color="orange" title="Not there yet">
            <List size="sm">
              {missing.map((one) => (
                <List.Item key={one}>{one}</List.Item>
              ))}
            </List>
            What needs them waits for them, a day at most.
          </Alert>
        )}
        {publishing.error && <Alert color="red" title={publishing.error.message} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Not yet
          </Button>
          <Button disabled={wrong > 0} loading={publishing.isPending} onClick={() => publishing.mutate()}>
            Publish
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Audience({ document }: { document: CampaignDocument }) {
  const keys = document.sources.flatMap((source) =>
    "segment" in source && source.segment ? [source.segment] : [],
  );
  const found = useQueries({
    queries: keys.map((key) => ({
      queryKey: ["segments", key, "audience"],
      queryFn: () => told(segments.GET("/segments/{key}", { params: { path: { key } } })),
      retry: false,
    })),
  });
  const lines = found.flatMap(({ data, error }, at) => {
    if (isMissing(error)) return [`${keys[at] ?? ""} is no segment yet: nobody enters by it`];
    return data
      ? [`${data.members.toLocaleString()} in ${data.key} enter now, and whoever joins it later`]
      : [];
  });
  const others = document.sources.flatMap((source) => {
    if ("form" in source) return [`Whoever submits ${source.form || "a form"} from now on`];
    return "event" in source ? [`Whoever does ${source.event || "an event"} from now on`] : [];
  });
  return (
    <div>
      <Text fw={600}>Who enters</Text>
      <List size="sm">
        {[...lines, ...others].map((line) => (
          <List.Item key={line}>{line}</List.Item>
        ))}
      </List>
    </div>
  );
}
