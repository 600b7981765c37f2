import type { Cause, Finding, FindingRemedy, RemedyText } from '../causes/define-cause.ts';
import type { Edit, Remedy } from '../remedy/edit.ts';
import type { Values } from '../shared/text.ts';
import { fillIn, say } from '../shared/text.ts';

type Present = Extract<Finding, { status: 'present' }>;

/** The cause's remedies with the finding's edits and values put in; without edits they are done by hand. */
export function remediesOf(cause: Cause, finding: Present): readonly Remedy[] {
  const chosen: readonly FindingRemedy[] = finding.remedies ?? cause.remedies.map(({ id }) => ({ id }));
  return chosen.flatMap((choice): readonly Remedy[] => {
    const text = cause.remedies.find((r) => r.id === choice.id);
    if (text === undefined) throw new Error(`${cause.id} has no remedy ${choice.id}`);
    const values: Values = { ...finding.values, ...choice.values };
    const fill = (command: string): string => fillIn(command, values);
    return [
      {
        id: text.id,
        title: say(text.title, values),
        edits: choice.edits ?? byHand(text, fill),
        risk: say(text.risk, values),
        safety: text.safety,
        verify: text.verify.map(fill),
      },
    ];
  });
}

function byHand({ command, undo }: RemedyText, fill: (command: string) => string): readonly Edit[] {
  if (command === undefined) return [];
  return [{ edit: 'by-hand', command: fill(command), ...(undo === undefined ? {} : { undo: fill(undo) }) }];
}
