import { Badge, Grid, Stack, Tabs } from "@mantine/core";
import { IconUserOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { told, tracking } from "../api/client";
import { isMissing } from "../api/problem";
import { useMay } from "../session/context";
import { Empty } from "../shell/empty";
import { Failed } from "../shell/failed";
import { Page } from "../shell/page";
import { Waiting } from "../shell/waiting";
import { Attributes } from "./attributes";
import { Consents } from "./consents";
import { nameOf } from "./contact-name";
import { Identity } from "./identity";
import { Ledger } from "./ledger";
import { Score } from "./score";
import { Segments } from "./segments";
import { Tags } from "./tags";
import { Timeline } from "./timeline/timeline";

const TABS = { timeline: "Timeline", attributes: "Attributes", points: "Points" } as const;
export type Tab = keyof typeof TABS;

/** All that is known of one contact. */
export function ProfilePage() {
  const { id } = useParams({ from: "/inside/contacts/$id" });
  const { tab = "timeline", show } = useSearch({ from: "/inside/contacts/$id" });
  const navigate = useNavigate({ from: "/contacts/$id" });
  const mayScore = useMay("points:read");
  const {
    data: contact,
    error,
    refetch,
  } = useQuery({
    queryKey: ["contacts", id],
    queryFn: () => told(tracking.GET("/contacts/{id}", { params: { path: { id } } })),
    refetchInterval: 10_000,
  });
  if (isMissing(error)) return <Unknown />;
  if (error && !contact) return <Failed error={error} again={() => void refetch()} />;
  if (!contact) return <Waiting label="Reading the contact" />;
  if (contact.id !== id) return <Navigate to="/contacts/$id" params={{ id: contact.id }} replace />;
  const tabs = (Object.keys(TABS) as Tab[]).filter((one) => one !== "points" || mayScore);
  return (
    <Page title={nameOf(contact)} about={contact.identified_at ? contact.email : <Anonymous />}>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="md">
            <Identity contact={contact} />
            <Tags contact={contact} />
            <Segments contactId={id} />
            <Score contactId={id} />
            <Consents contactId={id} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Tabs
            value={tab}
            keepMounted={false}
            onChange={(value) => void navigate({ search: { tab: value as Tab }, replace: true })}
          >
            <Tabs.List mb="md">
              {tabs.map((one) => (
                <Tabs.Tab key={one} value={one}>
                  {TABS[one]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Tabs.Panel value="timeline">
              <Timeline
                contactId={id}
                shown={show}
                onShow={(kind) => void navigate({ search: { tab, show: kind }, replace: true })}
              />
            </Tabs.Panel>
            <Tabs.Panel value="attributes">
              <Attributes contact={contact} />
            </Tabs.Panel>
            <Tabs.Panel value="points">
              <Ledger contactId={id} />
            </Tabs.Panel>
          </Tabs>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function Anonymous() {
  return (
    <Badge variant="light" color="gray" tt="none">
      anonymous visitor
    </Badge>
  );
}

function Unknown() {
  return (
    <Page title="Contact">
      <Empty icon={IconUserOff} title="There is no such contact">
        It may have been erased, or the address is misspelt.
      </Empty>
    </Page>
  );
}
