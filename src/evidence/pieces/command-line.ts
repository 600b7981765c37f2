/**
 * A command as somebody typed or headed it. Wrappers (sudo, docker exec, kubectl exec, ssh, nsenter …) are taken off, since they say
 * where the command ran and not what it shows.
 */
import { HOST, type Where } from './piece.ts';

export interface CommandLine {
  /** As given. */
  readonly text: string;
  /** Words of the command proper: ['ip', '-6', 'addr', 'show', 'lo']. */
  readonly words: readonly string[];
  /** Base name of the first word, lower case. */
  readonly name: string;
  /** Commands behind a pipe: ['grep 6443']. Their effect: lines may be missing. */
  readonly filters: readonly string[];
  readonly where: Where;
}

/** Words in a note behind a command: "ping google.com in a container", "ssh -V on the rke host", "nslookup x (dnsutils pod)". */
const NOTE =
  / +(?:\(([^()]{2,80})\)|（([^（）]{2,80})）|((?:in|inside|within|on|from|at) (?:a |an |the |my |one |this |that |another |each )?[A-Za-z][\w .'/-]{1,60}))$/u;
const CONTAINER_NOTE = /\b(?:pod|container|busybox|alpine|image|dnsutils|debian image|ubuntu image|kubelet|coredns|netshoot)\b|容器|镜像/iu;
const ELSEWHERE_NOTE =
  /\b(?:rke (?:host|machine|side)|workstation|laptop|desktop|my (?:pc|mac|machine)|client (?:machine|host|side)|bastion|jump ?host|healthy|working|good|other|another|second|peer|remote)\b|另一|正常节点/iu;

export function parseCommand(given: string): CommandLine {
  const text = given.trim();
  const note = NOTE.exec(text);
  const noteText =
    note === null
      ? undefined
      : (note[1] ?? note[2] ?? note[3] ?? '').replace(/^(?:in|inside|within|on|from|at) (?:a |an |the |my |one |this |that |each )?/u, '');
  const isNote =
    noteText !== undefined &&
    (CONTAINER_NOTE.test(noteText) ||
      ELSEWHERE_NOTE.test(noteText) ||
      /\b(?:node|host|server|master|worker|machine)\b|节点|主机/iu.test(noteText));
  const command = isNote && note !== null ? text.slice(0, note.index) : text;
  const stages = splitStages(command);
  const filters = stages.slice(1);
  const { words, where } = unwrap(shellWords(stages[0] ?? ''));
  const name = (words[0] ?? '').split('/').at(-1)?.toLowerCase() ?? '';
  return { text, words, name, filters, where: where.kind === 'host' && isNote ? whereOfNote(noteText) : where };
}

/** "the kubelet container", "my laptop", "node" → where that is. */
export function whereOfNote(note: string): Where {
  if (ELSEWHERE_NOTE.test(note)) return { kind: 'elsewhere', name: note };
  if (CONTAINER_NOTE.test(note)) return { kind: 'container', name: note.replace(/ (?:pod|container)$/u, '') };
  return HOST;
}

/** The first command and what its output runs through. What follows ';' or '&&' is another command: only the first is read here. */
function splitStages(command: string): readonly string[] {
  const stages: string[] = [];
  let quote = '';
  let from = 0;
  for (let i = 0; i < command.length; i += 1) {
    const c = command[i] ?? '';
    if (quote !== '') {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'" || c === '`') quote = c;
    else if (c === '\\') i += 1;
    else if (c === '|' && command[i + 1] !== '|') {
      stages.push(command.slice(from, i).trim());
      from = i + 1;
    } else if ((c === ';' || (c === '&' && command[i + 1] === '&') || c === '|') && stages.length + i > 0) {
      stages.push(command.slice(from, i).trim());
      return stages;
    }
  }
  stages.push(command.slice(from).trim());
  return stages;
}

export function shellWords(text: string): readonly string[] {
  const words: string[] = [];
  for (const hit of text.matchAll(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^ \t"'\\]|\\.)+/gu)) {
    const word = hit[0].replaceAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/gu, (_, a: string | undefined, b: string | undefined) => a ?? b ?? '');
    if (/^\d?>/u.test(word) || word === '&') continue;
    words.push(word);
  }
  return words;
}

/** Options that take a value, of the wrappers below. */
const VALUED: Readonly<Record<string, RegExp>> = {
  sudo: /^-[ugpCT]$/u,
  docker: /^(?:-[uwe]|--user|--workdir|--env|--env-file|--network|--name|-v|--volume|-H|--host|-c|--context)$/u,
  kubectl: /^(?:-n|--namespace|-c|--container|--kubeconfig|--context|-s|--server|--image|-f)$/u,
  crictl: /^(?:-r|-i|--runtime-endpoint|--image-endpoint|-c|--config|--timeout)$/u,
  ssh: /^-[ioplFJLRDbcEeIkmQSWw]$/u,
  nsenter: /^(?:-t|--target|-[SG]|--setuid|--setgid)$/u,
};

function skipOptions(words: readonly string[], from: number, valued: RegExp | undefined): number {
  let i = from;
  while (i < words.length && (words[i] ?? '').startsWith('-') && words[i] !== '--') i += valued?.test(words[i] ?? '') === true ? 2 : 1;
  return i;
}

function unwrap(given: readonly string[]): { readonly words: readonly string[]; readonly where: Where } {
  let words = given;
  let where: Where = HOST;
  for (let step = 0; step < 8; step += 1) {
    while (/^[A-Za-z_]\w*=/u.test(words[0] ?? '')) words = words.slice(1);
    const name = (words[0] ?? '').split('/').at(-1) ?? '';
    let rest: readonly string[] | undefined;
    if (name === 'sudo' || name === 'doas') rest = words.slice(skipOptions(words, 1, VALUED['sudo']));
    else if (name === 'time' || name === 'nohup' || name === 'command' || name === 'exec') rest = words.slice(1);
    else if (name === 'timeout' || name === 'watch') {
      const at = skipOptions(words, 1, /^-[nks]$/u);
      rest = words.slice(name === 'timeout' ? at + 1 : at);
    } else if (name === 'env') rest = words.length > 1 ? words.slice(skipOptions(words, 1, undefined)) : undefined;
    else if (name === 'nsenter') rest = words.slice(skipOptions(words, 1, VALUED['nsenter']));
    else if (name === 'chroot') rest = words.slice(2);
    else if (name === 'bash' || name === 'sh') {
      if (words[1] !== '-c' || words[2] === undefined) break;
      rest = shellWords(splitStages(words[2])[0] ?? '');
    } else if (name === 'ip' && words[1] === 'netns' && words[2] === 'exec') {
      where = { kind: 'container', name: words[3] ?? 'netns' };
      rest = words.slice(4);
    } else if (name === 'ssh') {
      const at = skipOptions(words, 1, VALUED['ssh']);
      if (words[at + 1] === undefined || words.includes('-v') || words.includes('-vvv') || words.includes('-vv')) break;
      rest = words.slice(at + 1);
    } else if (/^(?:docker|podman|nerdctl|crictl|kubectl|k|oc|k3s|microk8s\.kubectl)$/u.test(name)) {
      const inner = containerCommand(name, words);
      if (inner === undefined) break;
      where = { kind: 'container', name: inner.name };
      rest = inner.rest;
    }
    if (rest === undefined) break;
    if (rest.length === 0) break;
    words = rest;
  }
  return { words, where };
}

/** docker exec [opts] NAME CMD…, kubectl [opts] exec [opts] POD [opts] [--] CMD…, kubectl run … -- CMD, docker run [opts] IMAGE CMD. */
function containerCommand(name: string, words: readonly string[]): { readonly name: string; readonly rest: readonly string[] } | undefined {
  const valued =
    VALUED[
      name === 'k' || name === 'oc' || name.startsWith('k3s') || name.includes('kubectl')
        ? 'kubectl'
        : name === 'crictl'
          ? 'crictl'
          : 'docker'
    ];
  let at = skipOptions(words, 1, valued);
  if (words[at] === 'kubectl') at = skipOptions(words, at + 1, VALUED['kubectl']);
  if (words[at] === 'compose') at = skipOptions(words, at + 1, valued);
  const verb = words[at];
  if (verb !== 'exec' && verb !== 'run') return undefined;
  // crictl's -i is an endpoint before the verb and "interactive" behind it.
  const own = name === 'crictl' ? undefined : valued;
  const dashes = words.indexOf('--', at);
  const target = words[skipOptions(words, at + 1, own)] ?? '';
  if (target === '' || target === '--') return undefined;
  const container = words[words.indexOf('-c') + 1];
  const isKube = valued === VALUED['kubectl'];
  const shown =
    isKube && words.includes('-c') && container !== undefined ? container : target.replace(/^(?:pods?|deploy(?:ment)?|ds|sts)\//u, '');
  if (dashes > 0) return dashes + 1 < words.length ? { name: shown, rest: words.slice(dashes + 1) } : undefined;
  let from = skipOptions(words, at + 1, own) + 1;
  from = skipOptions(words, from, own);
  return from < words.length ? { name: shown, rest: words.slice(from) } : undefined;
}

export const argumentsOf = (c: CommandLine): readonly string[] => c.words.slice(1).filter((w) => !w.startsWith('-') && !w.startsWith('+'));
/** Is a short option set, alone or in a group? hasFlag('-ltnp', 'l') */
export const hasFlag = (c: CommandLine, letter: string): boolean =>
  c.words.slice(1).some((w) => /^-[A-Za-z0-9]+$/u.test(w) && w.includes(letter));
/** True when a grep or the like may have taken lines away. */
export const isFiltered = (c: CommandLine): boolean =>
  c.filters.some((f) => /^(?:e?grep|fgrep|rg|awk|sed|head|tail|cut|uniq|jq)\b/u.test(f));
