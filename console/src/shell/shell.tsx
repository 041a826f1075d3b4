import { AppShell, Burger, Group, NavLink, ScrollArea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useSession } from "../session/context";
import { Login } from "../session/login";
import { Account } from "./account";
import { Mark } from "./mark";
import { Palette, PaletteButton } from "./palette";
import { PLACES } from "./places";
import { Waiting } from "./waiting";

/** What is around every page of whoever is in; the door for whoever is not. */
export function Shell() {
  const session = useSession();
  if (session === undefined) return <Waiting label="Opening Canvass" />;
  return session === null ? <Login /> : <Inside />;
}

function Inside() {
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={0}
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
            <Mark />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <PaletteButton />
            <Account />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <ScrollArea>
          <Navigation onGo={close} />
        </ScrollArea>
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
      <Palette />
    </AppShell>
  );
}

function Navigation({ onGo }: { onGo: () => void }) {
  const scopes = useSession()?.scopes ?? [];
  const here = useRouterState({ select: (state) => state.location.pathname });
  const shown = PLACES.filter((place) => scopes.includes(place.scope));
  return shown.map(({ to, label, icon: Icon }) => (
    <NavLink
      key={to}
      component={Link}
      to={to}
      label={label}
      leftSection={<Icon size={18} stroke={1.6} />}
      active={here.startsWith(to)}
      onClick={onGo}
    />
  ));
}
