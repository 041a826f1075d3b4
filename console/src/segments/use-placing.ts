import { useMutation, useQueryClient } from "@tanstack/react-query";
import { segments, told } from "../api/client";
import { complain, say } from "../shell/notices";

interface Placing {
  contact: string;
  wish: "in" | "out" | "by rules";
}

const SAID = {
  in: "Put in: it stays in whatever the rules say",
  out: "Taken out: it stays out whatever the rules say",
  "by rules": "Left to the rules",
};

/** Put a contact in by hand, take it out, or leave it to the rules again. */
export function usePlacing(key: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ contact, wish }: Placing) => {
      const params = { params: { path: { key, contact_id: contact } } };
      if (wish === "in") return told(segments.PUT("/segments/{key}/members/{contact_id}", params));
      if (wish === "out") return told(segments.DELETE("/segments/{key}/members/{contact_id}", params));
      return told(segments.POST("/segments/{key}/members/{contact_id}/by-rules", params));
    },
    onSuccess: (_, { wish }) => {
      say(SAID[wish]);
      void queries.invalidateQueries({ queryKey: ["segments"] });
    },
    onError: complain,
  });
}
