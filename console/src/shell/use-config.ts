import { useQuery } from "@tanstack/react-query";

interface Config {
  /** Where browsers of visitors find tracking. */
  tracking: string;
}

/** What this installation is like, as its door tells. */
export function useConfig(): Config | undefined {
  return useQuery({ queryKey: ["config"], queryFn: read, staleTime: Infinity }).data;
}

async function read(): Promise<Config> {
  const answer = await fetch("/config.json");
  if (!answer.ok) throw new Error("Canvass does not answer just now. Try again in a moment.");
  return (await answer.json()) as Config;
}
