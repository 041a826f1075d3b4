import type { Problems } from "../document/problems";
import { stepOf } from "../document/graph";
import classes from "./canvas.module.css";
import { useEditor } from "./editor";
import { Inspector } from "./inspector";
import { WhoIsHere } from "./who-is-here";
import { YamlPane } from "./yaml-pane";

interface SideProps {
  campaign: string;
  problems: Problems;
  published: boolean;
  yaml: boolean;
  onYaml: (shown: boolean) => void;
}

/** Beside the canvas: the campaign as text, or what is selected and who stands there. */
export function Side({ campaign, problems, published, yaml, onYaml }: SideProps) {
  const { selected } = useEditor();
  if (yaml) {
    return (
      <aside className={classes.side} style={{ width: 460 }}>
        <YamlPane onClose={() => onYaml(false)} />
      </aside>
    );
  }
  const [node] = selected.length === 1 ? selected : [];
  if (node === undefined) return null;
  const step = stepOf(node);
  return (
    <aside className={classes.side}>
      <Inspector problems={problems} />
      {published && step !== null && <WhoIsHere campaign={campaign} step={step} />}
    </aside>
  );
}
