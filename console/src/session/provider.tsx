import { type ReactNode, useEffect, useState } from "react";
import { listen, renew, session, type Session } from "../api/token";
import { SessionContext } from "./context";

/** Asks who is in as the page opens, and keeps asking shortly before the token ends. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<Session | null | undefined>(session() ?? undefined);
  useEffect(() => {
    const forget = listen(setCurrent);
    renew().catch(() => setCurrent(null));
    return forget;
  }, []);
  useEffect(() => {
    if (!current) return;
    const left = new Date(current.expires_at).getTime() - Date.now();
    const timer = setTimeout(() => void renew().catch(() => undefined), Math.max(5_000, left - 60_000));
    return () => clearTimeout(timer);
  }, [current]);
  return <SessionContext value={current}>{children}</SessionContext>;
}
