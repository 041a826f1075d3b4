import { Navigate } from "@tanstack/react-router";

/** Whoever is in has no business at the door. */
export function Arrived() {
  return <Navigate to="/campaigns" replace />;
}
