import { useConfig } from "../shell/use-config";
import classes from "./outbox.module.css";
import { withoutPixel } from "./pixel";

/**
 * HTML of an e-mail, in a frame of no origin: nothing in it runs, submits or reaches us. Links open in a window
 * of their own.
 */
export function HtmlFrame({ html, title }: { html: string; title: string }) {
  const tracking = useConfig()?.tracking;
  if (!tracking) return null;
  return (
    <iframe
      className={classes["frame"]}
      title={title || "The message"}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      srcDoc={`<base target="_blank">${withoutPixel(html, tracking)}`}
    />
  );
}
