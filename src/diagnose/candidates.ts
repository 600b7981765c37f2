/**
 * A candidate name that nobody can resolve is simply not there. It counts as a failure only where programs of one view disagree: the
 * name servers know it, and the C library says no.
 */
import type { Client, ClientAnswer, World } from '../model/types.ts';
import type { Asked } from './diagnose.ts';
import type { Question } from './types.ts';
import { fails, works } from './outcome-order.ts';

export function countingFailures(world: World, asked: readonly Asked[], clients: readonly Client[]): readonly ClientAnswer[] {
  const failed = asked.filter(({ answer }) => fails(answer));
  if (failed.length === 0) return [];
  const dns = clients.find((c) => c.id === 'dig');
  const neighbours = Map.groupBy(asked, ({ question }) => neighbourhood(question));
  return failed.flatMap(({ question, answer }) => {
    if (question.need === 'required') return [answer];
    const others = neighbours.get(neighbourhood(question)) ?? [];
    if (others.some((a) => works(a.answer) || (question.port === undefined && resolves(a.answer)))) return [answer];
    const view = world.view(question.view);
    const direct = view === undefined ? undefined : dns?.answer(world, view, question.name, undefined);
    return direct !== undefined && resolves(direct) ? [answer] : [];
  });
}

const neighbourhood = ({ view, name, port }: Question): string => `${view} ${name} ${String(port)}`;

const resolves = (answer: ClientAnswer): boolean => answer.resolution.outcome.kind === 'addresses';
