/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

/** `env`, `printenv`, `cat /proc/PID/environ`, environment files. */
export const environment = defineRecogniser({
  id: 'environment',
  title: { en: 'environment variables', zh: '环境变量' },
  prose: true,
  commands: (c) => c.name === 'env' || c.name === 'printenv' || c.words.some((w) => w.endsWith('/environ')),
  names: /(?:^|\/)(?:environment|etc\/environment|[\w.-]+\.service\.env|etc\/(?:default|sysconfig)\/[\w.-]+|env(?:\.txt)?)$/u,
  look: (lines) =>
    fitting(lines, /^(?:export )?(?:[a-z]+_proxy|[A-Z]+_PROXY|NO_PROXY|no_proxy)=/u) > 0 &&
    lines.filter((l) => l !== '').every((l) => /^(?:export |Environment=|[ \t]*#)?["']?[A-Za-z_]\w*=|^[ \t]*#/u.test(l)),
  read(piece, facts) {
    const unit = /(?:^|\/)([\w.-]+?)(?:\.service)?\.env$|etc\/(?:default|sysconfig)\/([\w.-]+)$/u.exec(piece.path ?? piece.name);
    const values: Record<string, string> = {};
    const understood = eachLine(piece, (line, i) => {
      if (/^[ \t]*#/u.test(line)) return true;
      const hit = /^[ \t]*(?:export +)?(?:Environment=)?["']?([A-Za-z_]\w*)=(.*?)["']?[ \t]*$/u.exec(line);
      if (hit === null) return false;
      const [, name = '', raw = ''] = hit;
      const value = raw.replace(/^["']|["']$/gu, '');
      values[name] = value;
      noteProxy(facts, name, value, piece, i, unit?.[1] ?? unit?.[2]);
      return true;
    });
    const telling = Object.fromEntries(
      Object.entries(values).filter(([k]) =>
        /^(?:GODEBUG|HOSTALIASES|LOCALDOMAIN|RES_OPTIONS|.*_proxy|.*_PROXY|LD_PRELOAD|LD_LIBRARY_PATH)$/u.test(k),
      ),
    );
    if (unit === null && piece.where.kind !== 'elsewhere') facts.setEnv(piece.where, telling, sourceOf(piece, 0));
    return understood;
  },
});

/** Proxy variables, for the node, a unit, or a container. */
export function noteProxy(facts: EvidenceFacts, name: string, value: string, piece: Piece, index: number, unit?: string): boolean {
  const which = /^(?:CONTAINERD_)?(https?|no|all|ftp)_proxy$/iu.exec(name)?.[1]?.toLowerCase();
  if (which === undefined) return false;
  const source = sourceOf(piece, index);
  const key = which === 'no' ? 'proxy.no-proxy' : which === 'https' ? 'proxy.https' : 'proxy.http';
  facts.observe(key, value, source, piece.where);
  if (which !== 'no' && value !== '') facts.observe('proxy.set', true, source, piece.where);
  if (unit !== undefined) facts.observeMore(`proxy.unit.${unit}`, [`${name}=${value}`], source);
  return true;
}
