import { Page } from "../shell/page";

export function ContactList() {
  return <Page title="Contacts">{null}</Page>;
}
