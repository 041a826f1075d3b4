import { useBlocker } from "@tanstack/react-router";

/** Asks before what is not saved would be lost: by leaving the page, or closing it. */
export function useGuard(isUnsaved: boolean): void {
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isUnsaved &&
      current.pathname !== next.pathname &&
      !window.confirm("What you changed is not saved. Leave it all the same?"),
    enableBeforeUnload: () => isUnsaved,
  });
}
