/**
 * A candidate name that nobody can resolve is simply not there. It counts as a failure only where programs of one view disagree: the
 * name servers know it, and the C library says no.
 */
import type { Client, ClientAnswer, World } from '../model/types.ts';
import type { Asked } from './diagnose.ts';
import { fails, works } from './outcome-order.ts';

export function countingFailures(world: World, asked: readonly Asked[], clients: readonly Client[]): readonly ClientAnswer[] {
  const dns = clients.find((c) => c.id === 'dig');
  return asked.flatMap(({ question, answer }) => {
    if (!fails(answer)) return [];
    if (question.need === 'required') return [answer];
    const neighbours = asked.filter(
      (a) => a.question.view === question.view && a.question.name === question.name && a.question.port === question.port,
    );
    if (neighbours.some((a) => works(a.answer) || (question.port === undefined && resolves(a.answer)))) return [answer];
    const view = world.view(question.view);
    const direct = view === undefined ? undefined : dns?.answer(world, view, question.name, undefined);
    return direct !== undefined && resolves(direct) ? [answer] : [];
  });
}

const resolves = (answer: ClientAnswer): boolean => answer.resolution.outcome.kind === 'addresses';
