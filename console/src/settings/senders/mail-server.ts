export type Security = "auto" | "required" | "never" | "smtps";

/** A mail server, as a form shows it. */
export interface MailServer {
  host: string;
  port: string;
  security: Security;
  user: string;
  /** `***` for one that is known and not shown. */
  password: string;
}

export const NO_SERVER: MailServer = { host: "", port: "", security: "required", user: "", password: "" };

/** What an address such as `smtp://ann:***@mail.example.com:587?tls=required` says. */
export function readServer(url: string): MailServer {
  let read: URL;
  try {
    read = new URL(url);
  } catch {
    return NO_SERVER;
  }
  const tls = read.searchParams.get("tls");
  const plain: Security = tls === "required" || tls === "never" ? tls : "auto";
  return {
    host: read.hostname,
    port: read.port,
    security: read.protocol === "smtps:" ? "smtps" : plain,
    user: decodeURIComponent(read.username),
    password: decodeURIComponent(read.password),
  };
}

export function writeServer({ host, port, security, user, password }: MailServer): string {
  const scheme = security === "smtps" ? "smtps" : "smtp";
  const login = user
    ? `${encodeURIComponent(user)}${password ? `:${encodeURIComponent(password)}` : ""}@`
    : "";
  const place = port.trim() ? `${host.trim()}:${port.trim()}` : host.trim();
  const tls = security === "required" || security === "never" ? `?tls=${security}` : "";
  return `${scheme}://${login}${place}${tls}`;
}
