/**
 * hosts [FILE [ZONES…]] { ADDRESS NAME… / ttl / no_reverse / reload / fallthrough [ZONES…] }
 *
 * A name that is listed for the other family has an empty answer. A name that is not listed goes on with `fallthrough`; without it the
 * answer is SERVFAIL (there is no SOA to make an NXDOMAIN with). Source: coredns plugin/hosts/hosts.go, hostsfile.go.
 */
import { formatAddress, parseAddress, splitZone } from '../../address/address.ts';
import { lineOf, openFile } from '../../go/view-file.ts';
import { addressRecords, answerWith, ofType } from '../../name-server.ts';
import { fallsThrough, matchingZone, zonesOr } from './corefile.ts';
import { cannotTell, type Plugin } from './plugin.ts';
import { coreDnsSteps } from './steps.ts';

const OPTIONS = new Set(['ttl', 'no_reverse', 'reload', 'fallthrough']);

interface Entry {
  readonly address: string;
  readonly line: number;
}

function entriesOf(lines: readonly { readonly words: readonly string[]; readonly line: number }[], name: string): readonly Entry[] {
  return lines.flatMap(({ words: [first = '', ...names], line }) => {
    const parsed = parseAddress(splitZone(first).address);
    return parsed !== undefined && names.some((n) => n.toLowerCase().replace(/\.$/u, '') === name)
      ? [{ address: formatAddress(parsed.bytes), line }]
      : [];
  });
}

const linesOf = (text: string): readonly { words: readonly string[]; line: number }[] =>
  text.split('\n').map((line, i) => ({ words: (line.split('#')[0] ?? '').split(/[ \t\r]+/u).filter((word) => word !== ''), line: i + 1 }));

export const hostsPlugin: Plugin = (run, directive, question, next) => {
  const { name, type } = question;
  const [path = '/etc/hosts', ...zones] = directive.args;
  if (matchingZone(name, zonesOr(zones, run.block)) === undefined) return next(question);
  const inline = directive.block.filter(({ words }) => !OPTIONS.has(words[0] ?? ''));
  const file = openFile(run.view, path);
  const listed = [...entriesOf(inline, name)];
  if (file.kind === 'content') listed.push(...entriesOf(linesOf(file.content.text), name));
  const inFile = file.kind === 'content' && listed.length > entriesOf(inline, name).length;
  if (listed.length > 0) {
    const values = { name, addresses: listed.map(({ address }) => address).join(', ') };
    run.steps.push({
      kind: coreDnsSteps.inHosts,
      values,
      ...(inFile ? { at: lineOf(run.view, path, listed.at(-1)?.line, file.content.text.split('\n')) } : {}),
    });
    const addresses = ofType(
      type,
      listed.map(({ address }) => address),
    );
    return { kind: 'reply', reply: answerWith('NOERROR', addressRecords(name, type, addresses), true), steps: run.steps };
  }
  if (file.kind === 'unknown') return cannotTell(run, { kind: 'file', view: run.view.id, path });
  if (fallsThrough(directive.block, name)) return next(question);
  run.steps.push({ kind: coreDnsSteps.hostsEnds, values: { name } });
  return { kind: 'reply', reply: answerWith('SERVFAIL', []), steps: run.steps };
};
