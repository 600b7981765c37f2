/** Where something was seen, written so that a person finds the line again. */
import type { Source, ViewId } from '../facts/fact.ts';
import type { NodeFacts } from '../facts/node-facts.ts';
import { sanitizeLine } from '../shared/sanitize.ts';

/** A view as a person calls it: the container's name, or 'host'. Without the node's facts its id must do. */
export function viewName(id: ViewId, node: NodeFacts | undefined): string {
  if (id === 'host') return id;
  const view = node?.views.find((v) => v.id === id);
  return view?.kind === 'host' ? 'host' : (view?.names[0] ?? id);
}

export function sourceText(source: Source, node: NodeFacts | undefined): string {
  const at = (place: string, line: number | undefined): string => (line === undefined ? place : `${place}:${line}`);
  const inside = (view: ViewId | undefined, text: string): string => {
    const name = view === undefined ? 'host' : viewName(view, node);
    return name === 'host' ? text : `${name}:${text}`;
  };
  switch (source.kind) {
    case 'file':
    case 'log':
      return sanitizeLine(inside(source.view, at(source.path, source.line)));
    case 'command':
      return sanitizeLine(at(inside(source.view, `$ ${source.command}`), source.line));
    case 'statement':
      // Its text begins with the key.
      return at('facts', source.line);
    case 'probe':
      return sanitizeLine(inside(source.view, `probe ${source.probe}`));
  }
}

/** The line itself, when it says more than where it stands. A statement's text is its line. */
export const quoteOf = (source: Source): string | undefined => (source.text === undefined || source.text === '' ? undefined : source.text);
