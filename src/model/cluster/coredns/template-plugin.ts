/**
 * template CLASS TYPE [ZONES…] { match REGEX… / answer RR / rcode CODE / fallthrough [ZONES…] }
 *
 * A question of another class, type or zone goes on. One of the zone that no `match` fits is NXDOMAIN, or goes on with `fallthrough`.
 * Without `answer` only the rcode is given: `template ANY AAAA . { rcode NOERROR }` hides IPv6. Source: coredns plugin/template.
 */
import { normalAddress } from '../../address/address.ts';
import { answerWith } from '../../name-server.ts';
import { fallsThrough, matchingZone, zonesOr } from './corefile.ts';
import { goPattern } from './go-pattern.ts';
import { askAboutPlugin, cannotTell, type Plugin } from './plugin.ts';
import { coreDnsSteps } from './steps.ts';

export const templatePlugin: Plugin = (run, directive, question, next) => {
  const { name, type } = question;
  const [asClass = 'ANY', asType = 'ANY', ...zones] = directive.args.map((word, i) => (i < 2 ? word.toUpperCase() : word));
  const zone = matchingZone(name, zonesOr(zones, run.block));
  if (zone === undefined || (asClass !== 'IN' && asClass !== 'ANY') || (asType !== 'ANY' && asType !== type)) return next(question);
  const patterns = directive.block.filter(({ words }) => words[0] === 'match').flatMap(({ words }) => words.slice(1));
  const match = firstMatch(patterns, `${name}.`);
  if (match === 'unknown') return cannotTell(run, askAboutPlugin('template'));
  if (match === undefined) {
    if (fallsThrough(directive.block, name)) return next(question);
    run.steps.push({ kind: coreDnsSteps.template, values: { name, rcode: 'NXDOMAIN' } });
    return { kind: 'reply', reply: answerWith('NXDOMAIN', []), steps: run.steps };
  }
  const rcode = directive.block.find(({ words }) => words[0] === 'rcode')?.words[1]?.toUpperCase() ?? 'NOERROR';
  const answers = directive.block
    .filter(({ words }) => words[0] === 'answer')
    .map(({ words }) => record(words.slice(1).join(' '), name, zone, match));
  if (answers.some((answer) => answer === undefined)) return cannotTell(run, askAboutPlugin('template'));
  run.steps.push({ kind: coreDnsSteps.template, values: { name, rcode } });
  return {
    kind: 'reply',
    reply: answerWith(
      rcode,
      answers.filter((answer) => answer !== undefined),
      true,
    ),
    steps: run.steps,
  };
};

function firstMatch(patterns: readonly string[], name: string): RegExpExecArray | 'unknown' | undefined {
  if (patterns.length === 0) return /^.*$/su.exec(name) ?? undefined;
  for (const source of patterns) {
    const pattern = goPattern(source);
    if (pattern === undefined) return 'unknown';
    const match = pattern.exec(name);
    if (match !== null) return match;
  }
  return undefined;
}

/** `{{ .Name }} 60 IN A 192.0.2.1`; undefined where the template or the record is of a kind that is not modelled. */
function record(
  source: string,
  name: string,
  zone: string,
  match: RegExpExecArray,
): { name: string; type: string; data: string } | undefined {
  const text = source.replace(
    /\{\{ *(?:\.(Name|Zone)|\.Group\.(\w{1,40})|index \.Match (\d{1,2})) *\}\}/gu,
    (_all, field: string | undefined, group: string | undefined, index: string | undefined) => {
      if (field !== undefined) return field === 'Name' ? `${name}.` : `${zone}.`;
      return (group === undefined ? match[Number(index)] : match.groups?.[group]) ?? '';
    },
  );
  if (text.includes('{{')) return undefined;
  const words = text.split(/[ \t]+/u).filter((word) => word !== '');
  const at = words.findIndex((word) => word === 'A' || word === 'AAAA' || word === 'CNAME');
  const [owner, type, data] = [words[0], words[at], words[at + 1]];
  if (at < 1 || owner === undefined || type === undefined || data === undefined) return undefined;
  const value = type === 'CNAME' ? data.replace(/\.$/u, '').toLowerCase() : normalAddress(data);
  return value === undefined ? undefined : { name: owner.replace(/\.$/u, '').toLowerCase(), type, data: value };
}
