import { useDocumentTitle } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useReducer, useState } from "react";
import { campaigns, told } from "../../api/client";
import { useMay } from "../../session/context";
import { complain, say } from "../../shell/notices";
import { stepNode } from "../document/graph";
import type { CampaignDocument } from "../document/types";
import type { LoadedCampaign } from "./canvas";
import classes from "./canvas.module.css";
import { Conflict } from "./conflict";
import { changedBy, type Editor, EditorContext, started } from "./editor";
import { Flow } from "./flow";
import { Palette } from "./palette";
import { Publish } from "./publish";
import { Side } from "./side";
import { Toolbar } from "./toolbar";
import { useDraft } from "./use-draft";
import { useKeyboard } from "./use-keyboard";
import { useLayout } from "./use-layout";
import { useNumbers } from "./use-numbers";

interface WorkProps {
  campaign: string;
  loaded: LoadedCampaign;
  onReload: () => void;
}

/** One campaign being drawn: palette, canvas, what is selected, and the bar above it all. */
export function Work({ campaign, loaded, onReload }: WorkProps) {
  const editor = useEditing(loaded);
  const draft = useDraft(campaign, editor.document, loaded);
  useLayout(campaign, editor.places);
  useDocumentTitle(`${editor.document.name} · Canvass`);
  const { data: now } = useQuery({
    queryKey: ["campaigns", campaign],
    queryFn: () => told(campaigns.GET("/campaigns/{key}", { params: { path: { key: campaign } } })),
    refetchInterval: 5_000,
  });
  const status = now?.status ?? loaded.status;
  const numbers = useNumbers(campaign, status !== "draft");
  const [publishing, setPublishing] = useState(false);
  const [yaml, setYaml] = useYaml();
  const unpublishing = useUnpublishing(campaign);
  const mayPublish = useMay("campaigns:publish");
  return (
    <EditorContext value={editor}>
      <Keyboard />
      <div className={classes.page}>
        <Toolbar
          status={status}
          saving={draft.saving}
          numbers={numbers}
          mayPublish={mayPublish}
          yaml={yaml}
          onYaml={() => setYaml(!yaml)}
          onPublish={() => {
            draft.save();
            setPublishing(true);
          }}
          onUnpublish={() => unpublishing.mutate()}
        />
        {draft.saving === "conflict" && <Conflict onTheirs={onReload} onOurs={draft.overwrite} />}
        <div className={classes.work}>
          <Palette />
          <Flow problems={draft.problems} numbers={numbers} />
          <Side
            campaign={campaign}
            problems={draft.problems}
            published={status !== "draft"}
            yaml={yaml}
            onYaml={setYaml}
          />
        </div>
      </div>
      {publishing && (
        <Publish
          campaign={campaign}
          document={editor.document}
          problems={draft.problems}
          onClose={() => setPublishing(false)}
        />
      )}
    </EditorContext>
  );
}

function useEditing(loaded: LoadedCampaign): Editor {
  const { step } = useSearch({ from: "/inside/campaigns/$key" });
  const navigate = useNavigate({ from: "/campaigns/$key" });
  const [state, change] = useReducer(changedBy, loaded, ({ document, places }) => ({
    ...started({ document, places }),
    selected: step && step in document.steps ? [stepNode(step)] : [],
  }));
  const [chosen] = state.selected.length === 1 ? state.selected : [];
  useEffect(() => {
    const named = chosen?.startsWith("step:") ? chosen.slice("step:".length) : undefined;
    void navigate({ search: (before) => ({ ...before, step: named }), replace: true });
  }, [chosen, navigate]);
  const readOnly = !useMay("campaigns:write");
  return useMemo(() => {
    const { past, present, future } = state.history;
    return {
      ...present,
      selected: state.selected,
      canUndo: past.length > 0,
      canRedo: future.length > 0,
      readOnly,
      change,
      edit: (document: CampaignDocument, about?: string) =>
        change({ kind: "draw", drawing: { document }, ...(about === undefined ? {} : { about }) }),
      select: (...steps: string[]) => change({ kind: "select", nodes: steps.map(stepNode) }),
    };
  }, [state, readOnly]);
}

function useYaml(): [boolean, (shown: boolean) => void] {
  const { yaml } = useSearch({ from: "/inside/campaigns/$key" });
  const navigate = useNavigate({ from: "/campaigns/$key" });
  const show = (shown: boolean) =>
    void navigate({ search: (before) => ({ ...before, yaml: shown ? true : undefined }), replace: true });
  return [yaml === true, show];
}

function useUnpublishing(campaign: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () =>
      told(campaigns.POST("/campaigns/{key}/unpublish", { params: { path: { key: campaign } } })),
    onSuccess: () => {
      say("Nobody enters any longer, and nothing is sent, until it is published again");
      void queries.invalidateQueries({ queryKey: ["campaigns"] });
    },
    onError: complain,
  });
}

/** Within the editor, whose keys these are. */
function Keyboard() {
  useKeyboard();
  return null;
}
