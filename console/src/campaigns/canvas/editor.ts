import { createContext, useContext } from "react";
import type { History } from "../document/history";
import { begin, go, goOn, redo, undo } from "../document/history";
import type { Places } from "../document/layout";
import type { CampaignDocument, StepId } from "../document/types";

/** All that can be undone: what the campaign is, and where its parts are drawn. */
export interface Drawing {
  document: CampaignDocument;
  places: Places;
}

export interface EditorState {
  history: History<Drawing>;
  /** Nodes: `step:welcome`, `source:0`. */
  selected: string[];
  /** What the last change was about: typing on in one field is one step of history. */
  about: string | null;
}

export type Change =
  | { kind: "draw"; drawing: Partial<Drawing>; about?: string }
  | { kind: "select"; nodes: string[] }
  | { kind: "undo" | "redo" }
  | { kind: "load"; drawing: Drawing };

export function started(drawing: Drawing): EditorState {
  return { history: begin(drawing), selected: [], about: null };
}

export function changedBy(state: EditorState, change: Change): EditorState {
  switch (change.kind) {
    case "draw": {
      const about = change.about ?? null;
      const drawing = { ...state.history.present, ...change.drawing };
      const typing = about !== null && about === state.about;
      return { ...state, history: (typing ? goOn : go)(state.history, drawing), about };
    }
    case "select":
      return { ...state, selected: change.nodes, about: null };
    case "undo":
      return { ...state, history: undo(state.history), about: null };
    case "redo":
      return { ...state, history: redo(state.history), about: null };
    case "load":
      return { ...started(change.drawing), selected: state.selected };
  }
}

export interface Editor {
  document: CampaignDocument;
  places: Places;
  selected: string[];
  canUndo: boolean;
  canRedo: boolean;
  /** May not be changed by who is in. */
  readOnly: boolean;
  change: (change: Change) => void;
  /** Shorthand for a change of the document. */
  edit: (document: CampaignDocument, about?: string) => void;
  select: (...steps: StepId[]) => void;
}

export const EditorContext = createContext<Editor | null>(null);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("There is no canvas around this.");
  return editor;
}
