/**
 * autopath [ZONES…] RESOLV-CONF | @kubernetes
 *
 * Walks the search list on the server: a question for NAME.FIRST-SUFFIX is answered by the first suffix that has an address, with a
 * CNAME to it. Source: coredns plugin/autopath/autopath.go, plugin/kubernetes/autopath.go (needs `pods verified`).
 */
import type { ServerReply } from '../../name-server.ts';
import { openFile } from '../../go/view-file.ts';
import { matchingZone, zonesOr } from './corefile.ts';
import { askCluster, cannotTell, type CoreDnsRun, type Plugin } from './plugin.ts';
import { coreDnsSteps } from './steps.ts';

/** Suffixes of the file, '' last; undefined: they are not known. */
function searchPath(run: CoreDnsRun, source: string): readonly string[] | undefined {
  const file = openFile(run.view, source === '@kubernetes' ? '/etc/resolv.conf' : source);
  const text = file.kind === 'content' ? file.content.text : undefined;
  const fromFile =
    /^search[ \t]+([^\n]{1,2000})/mu
      .exec(text ?? '')?.[1]
      ?.split(/[ \t\r]+/u)
      .filter((word) => word !== '') ?? [];
  if (source !== '@kubernetes') return text === undefined ? undefined : [...fromFile, ''];
  const domain = run.block.directives.find(({ name }) => name === 'kubernetes')?.args[0]?.replace(/\.$/u, '');
  if (run.podNamespace === undefined || domain === undefined || text === undefined) return undefined;
  return [`${run.podNamespace}.svc.${domain}`, `svc.${domain}`, domain, ...fromFile, ''];
}

export const autopathPlugin: Plugin = (run, directive, question, next) => {
  const { name, type } = question;
  const source = directive.args.at(-1) ?? '';
  if ((type !== 'A' && type !== 'AAAA') || matchingZone(name, zonesOr(directive.args.slice(0, -1), run.block)) === undefined)
    return next(question);
  const path = searchPath(run, source);
  if (path === undefined) return cannotTell(run, askCluster(name));
  const [first] = path;
  if (first === undefined || first === '' || !name.endsWith(`.${first}`)) return next(question);
  const base = name.slice(0, -first.length - 1);
  let miss: ServerReply | undefined;
  for (const suffix of path) {
    const candidate = suffix === '' ? base : `${base}.${suffix}`;
    const answer = next({ ...question, name: candidate });
    if (answer.kind === 'cannot-tell') return answer;
    if (answer.reply.kind === 'answer' && answer.reply.rcode === 'NOERROR' && answer.reply.answers.length > 0) {
      run.steps.push({ kind: coreDnsSteps.autopath, values: { name, to: candidate } });
      const alias = candidate === name ? [] : [{ name, type: 'CNAME', data: candidate }];
      return { ...answer, reply: { ...answer.reply, answers: [...alias, ...answer.reply.answers] } };
    }
    miss ??= answer;
  }
  return miss ?? next(question);
};
