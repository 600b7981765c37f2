/**
 * An edit is a change to a node, as data. The same edit can be tried on a snapshot (apply-to-node.ts, pure) and done on a machine
 * (to-commands.ts, later `fix`). Remedies, `--what-if` and the counterfactual proof all use these.
 */
import type { NetnsId, ViewId } from '../facts/fact.ts';
import type { Family } from '../facts/node-facts.ts';
import type { Said } from '../shared/text.ts';

export type Edit =
  /**
   * Replace the whole text of a file, in place, keeping mode, owner and inode. `command` does the same by hand: a shell filter with
   * the old text on standard input and the new text on standard output.
   */
  | { readonly edit: 'write-file'; readonly view: ViewId; readonly path: string; readonly text: string; readonly command: string }
  | { readonly edit: 'chmod'; readonly view: ViewId; readonly path: string; readonly mode: number }
  | { readonly edit: 'sysctl'; readonly netns: NetnsId; readonly key: string; readonly value: string; readonly persistIn?: string }
  | {
      readonly edit: 'add-address';
      readonly netns: NetnsId;
      readonly device: string;
      readonly family: Family;
      readonly address: string;
      readonly prefixLength: number;
    }
  | { readonly edit: 'link-up'; readonly netns: NetnsId; readonly device: string }
  | { readonly edit: 'delete-reject-rule'; readonly netns: NetnsId; readonly rule: string; readonly command: string; readonly undo: string }
  /** Bind an empty directory over a path in one view: what lies below is gone for that view only. */
  | { readonly edit: 'hide-directory'; readonly view: ViewId; readonly path: string }
  | { readonly edit: 'stop-daemon'; readonly daemon: string; readonly unit: string }
  | { readonly edit: 'restart-daemon'; readonly daemon: string; readonly unit: string }
  | { readonly edit: 'flush-cache'; readonly daemon: string; readonly command: string }
  /** The runtime writes the container's hosts and resolv.conf anew. */
  | { readonly edit: 'restart-container'; readonly view: ViewId; readonly command: string }
  /** A change that the model cannot try: shown to a person, never applied by the tool. */
  | { readonly edit: 'by-hand'; readonly command: string; readonly undo?: string };

export interface Remedy {
  /** Unique within its cause. */
  readonly id: string;
  readonly title: Said;
  readonly edits: readonly Edit[];
  readonly risk: Said;
  readonly safety: 'safe' | 'disruptive' | 'needs-a-person';
  /** Commands that show that it worked. */
  readonly verify: readonly string[];
  /** What to run afterwards by hand: 'rke up'. */
  readonly then?: readonly string[];
}
