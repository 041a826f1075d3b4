import { Group, Pill, TagsInput, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { told, tracking } from "../api/client";
import { useMay } from "../session/context";
import { complain } from "../shell/notices";
import { Card } from "./card";
import type { Contact } from "./types";

const LONGEST = 100;

/** What a contact is tagged with; kept as soon as it is typed. */
export function Tags({ contact }: { contact: Contact }) {
  const may = useMay("contacts:write");
  const changing = useTags(contact);
  const shown = changing.isPending ? changing.variables : contact.tags;
  return (
    <Card title="Tags">
      {may ? (
        <TagsInput
          aria-label="Tags"
          placeholder={shown.length === 0 ? "Type one, then Enter" : ""}
          value={shown}
          onChange={(tags) => changing.mutate(tags)}
          readOnly={changing.isPending}
          maxLength={LONGEST}
          variant="filled"
          styles={{ inputField: { minWidth: 60 } }}
        />
      ) : (
        <Group gap={4}>
          {shown.length === 0 && (
            <Text size="sm" c="dimmed">
              None
            </Text>
          )}
          {shown.map((tag) => (
            <Pill key={tag} renderRoot={(props) => <Link to="/contacts" search={{ tag }} {...props} />}>
              {tag}
            </Pill>
          ))}
        </Group>
      )}
    </Card>
  );
}

/** Adds and takes away what makes the difference, so that what others tag meanwhile stays. */
function useTags(contact: Contact) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (tags: string[]) =>
      told(
        tracking.POST("/contacts/{id}/tags", {
          params: { path: { id: contact.id } },
          body: {
            add: tags.filter((tag) => !contact.tags.includes(tag)),
            remove: contact.tags.filter((tag) => !tags.includes(tag)),
          },
        }),
      ),
    onSuccess: (changed) => {
      queries.setQueryData(["contacts", contact.id], changed);
      void queries.invalidateQueries({ queryKey: ["contacts", "list"] });
    },
    onError: complain,
  });
}
