import {
  ActionIcon,
  Avatar,
  Menu,
  Text,
  UnstyledButton,
  useMantineColorScheme,
  VisuallyHidden,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceDesktop, IconKey, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useSession } from "../session/context";
import { leave } from "../session/coming-in";
import { ChangePassword } from "../session/password";

const SCHEMES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "As the system has it", icon: IconDeviceDesktop },
] as const;

/** Who is in, how it looks, and the way out. */
export function Account() {
  const person = useSession()?.person;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [choosing, { open, close }] = useDisclosure(false);
  if (!person) return <ActionIcon loading variant="subtle" aria-label="Account" />;
  return (
    <>
      <Menu position="bottom-end" width={230} withArrow>
        <Menu.Target>
          <UnstyledButton>
            <Avatar name={person.name} color="initials" size={32} />
            <VisuallyHidden>Account of {person.name}</VisuallyHidden>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text size="sm" fw={600} c="bright" truncate>
              {person.name}
            </Text>
            <Text size="xs" truncate>
              {person.email} · {person.role}
            </Text>
          </Menu.Label>
          <Menu.Divider />
          {SCHEMES.map(({ value, label, icon: Icon }) => (
            <Menu.Item
              key={value}
              leftSection={<Icon size={16} />}
              onClick={() => setColorScheme(value)}
              fw={colorScheme === value ? 600 : 400}
            >
              {label}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconKey size={16} />} onClick={open}>
            Choose a password
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
            Log out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {choosing && <ChangePassword onClose={close} />}
    </>
  );
}
