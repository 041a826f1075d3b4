import { createContext, useContext } from "react";
import type { Session } from "../api/token";

/** Who is in. `undefined` while that is not known yet. */
export const SessionContext = createContext<Session | null | undefined>(undefined);

export function useSession(): Session | null | undefined {
  return useContext(SessionContext);
}

/** Whether who is in may do this: `campaigns:publish`. What they may not is not offered. */
export function useMay(scope: string): boolean {
  return useSession()?.scopes.includes(scope) ?? false;
}
