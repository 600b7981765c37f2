/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/**
 * Splits a text into pieces at its headings: `==> FILE <==` (as tail and head print them), `$ COMMAND`, prompts, `product: NAME VERSION`,
 * `==> facts <==`, lone paths and lone commands. Every line that is not empty belongs to exactly one piece.
 */
import { componentOf } from './components.ts';
import { parseCommand, whereOfNote } from './command-line.ts';
import { knownCommands, plainCommands } from './known-commands.ts';
import { HOST, isBlank, type Piece, type PieceKind, type Where } from './piece.ts';

interface Heading {
  readonly kind: PieceKind;
  readonly name: string;
  /** The heading is itself the first line of the content. */
  readonly keepsLine?: boolean;
  /** Where a named file is, when the heading says so. */
  readonly place?: Where;
  /** Host name in the prompt before the command. */
  readonly promptHost?: string;
}

const ARROWS = /^[ \t]*==> (.{1,400}?) <==[ \t]*$/u;
const DOLLAR = /^[ \t]{0,3}\$ +([^ ].*)$/u;
const SHELL_PROMPTS: readonly RegExp[] = [
  /^\[[\w.-]+@[\w.-]+(?::| )[^\]]{0,80}\][#$] ?(.*)$/u,
  /^[\w.-]+@[\w.()-]+:[^#$ ]{0,120} ?[#$] ?(.*)$/u,
  /^[\w.-]+@[\w.-]+ [~/][^#$ ]{0,80} [#$] (.*)$/u,
  /^(?:ba|da|a)?sh-\d[\w.]*[#$] (.*)$/u,
  /^(?:\/[\w./-]{0,60}|~) [#$] (.*)$/u,
  /^[\w.-]{1,40}:[~/][^#$ ]{0,80} ?[#$] ?(.*)$/u,
  /^\([\w .-]{1,30}\) ?[\w.-]*[$#] (.*)$/u,
];
const PROMPT_HOST = /^(?:\[[\w.-]+@([\w-]+)[\w.]*(?::| )|[\w.-]+@([\w-]+)[\w.]*:[^ ])/u;
const HASH = /^# +([a-z][^ ]*(?: .*)?)$/u;
const PRODUCT = /^product: ([A-Za-z][\w.+-]{0,40})(?: (.{1,80}))?$/u;
const LONE_PATH = /^[ \t]*(?:[#=*>:-]{1,8} *)?(?:file:? *|File:? *|cat )?`?(\/(?:[\w.@+-]+\/)*[\w.@+-]+)`?:?[ \t]*[#=*<:-]{0,8}$/u;
const FENCE = /^[ \t]*(?:```|~~~)[\w-]*[ \t]*$/u;

/** A line that programs log or events hold: klog, logrus, Kubernetes events, kubeadm, syslog, an error of kubectl. */
const MESSAGE =
  /^(?:[IWEF]\d{4} \d{2}:\d{2}:\d{2}\.|time="\d{4}-|level=[a-z]+ msg=|(?:FATA|ERRO|WARN|INFO|DEBU)\[\d{4}\] |[ \t]+(?:Warning|Normal)[ \t]+[A-Z][A-Za-z]+[ \t]+|[ \t]*\[(?:kubelet-check|preflight|ERROR|WARNING)[\] ]|[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} [\w.-]+ [\w.-]+(?:\[\d+\])?: |Unable to connect to the server: |Error from server|error: |\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})/u;
/** Commands whose output holds no such line, unless it is a log that is shown. */
const NO_MESSAGES =
  /^(?:sudo )?(?:(?:cat|head|grep|sed|awk|od|xxd|hexdump|ls|stat|readlink|env|printenv|getent|dig|nslookup|host|id|uname|date|hostname|ip|ss|sysctl|lsmod|nc|timedatectl|chronyc) |(?:env|id|date|lsmod|hostname|timedatectl)$|systemctl (?:show|is-active|is-enabled|is-failed) )/u;
const IS_LOG = /\.log\b|\/(?:log|logs)\/|messages|syslog|journal|\.(?:gz|txt|out|err)\b/u;

/** After an empty line a message stands for itself: it is no part of the file or the answer above it. */
const standsAlone = (line: string, current: Heading | undefined): boolean =>
  current !== undefined &&
  MESSAGE.test(line) &&
  (current.kind === 'statements' ||
    ((current.kind === 'file' || (current.kind === 'command' && NO_MESSAGES.test(current.name))) && !IS_LOG.test(current.name)));

const HEADING_LENGTH = 1000;

/** "iptables failed: …", "curl error: …": a program's name that begins a complaint about it. */
const COMPLAINT =
  /^(?:sudo )?[a-z][\w.-]* (?:(?:command |binary |process )?(?:failed|failure|errors?|exited|returned|reported|crashed|timed|cannot|could|unable|terminated|not)\b|[^/"']{0,80}[a-z]: [a-z])/iu;

/** Words that show that a line is a sentence and no command. */
const PROSE = /[.!?,]$|(?<![-\w])(?:is|are|was|were|the|that|this|does|not|but|and|you|it|with|when|because)(?![-\w])/iu;

function afterPrompt(line: string): string | undefined {
  for (const prompt of SHELL_PROMPTS) {
    const hit = prompt.exec(line);
    if (hit !== null) return (hit[1] ?? '').trim();
  }
  return undefined;
}

function commandHeading(line: string, atStart: boolean): string | undefined {
  const dollar = DOLLAR.exec(line)?.[1];
  // A command may have been copied together with its prompt: "$ root@node-1:~# getent hosts localhost".
  if (dollar !== undefined) return afterPrompt(dollar) ?? dollar;
  const typed = afterPrompt(line);
  if (typed !== undefined) return typed;
  const hash = HASH.exec(line)?.[1];
  if (hash !== undefined && knownCommands.has(parseCommand(hash).name) && !PROSE.test(hash)) return hash;
  if (!atStart || line.length > 200 || line.startsWith(' ') || line.startsWith('\t')) return undefined;
  const first = /^(?:sudo )?([a-z][\w.-]*) [^=:]/u.exec(line)?.[1];
  if (first === undefined || !plainCommands.has(first) || PROSE.test(line) || COMPLAINT.test(line)) return undefined;
  const words = line.split(' ');
  const telling =
    words.slice(1).some((w) => /^[-/]|[./:=]|^\d/u.test(w)) ||
    /^(?:sudo )?(?:kubectl|docker|systemctl|ip|crictl|chronyc|firewall-cmd|etcdctl|nmcli|resolvectl|timedatectl)$/u.test(first);
  return telling && words.length <= 24 ? line : undefined;
}

function commandOf(line: string, name: string): Heading {
  const prompt = PROMPT_HOST.exec(line);
  const host = prompt?.[1] ?? prompt?.[2];
  return { kind: 'command', name, ...(host === undefined ? {} : { promptHost: host }) };
}

function headingOf(line: string, previousBlank: boolean, current: Heading | undefined): Heading | undefined {
  // No heading is that long, and the patterns below are meant for short lines.
  if (line.length > HEADING_LENGTH) return undefined;
  const arrows = ARROWS.exec(line)?.[1];
  if (arrows !== undefined) {
    const typed = afterPrompt(arrows);
    if (typed !== undefined && typed !== '') return commandOf(arrows, typed);
    return arrows === 'facts' ? { kind: 'statements', name: 'facts' } : labelled(arrows);
  }
  // Inside a named file of the node a '#' line is a comment and a path is content.
  const inFile = current?.kind === 'file';
  if (previousBlank && standsAlone(line, current)) return { kind: 'text', name: 'text', keepsLine: true };
  if (current?.kind === 'statements') return undefined;
  if (inFile && /^[ \t]*#/u.test(line)) return undefined;
  const command = commandHeading(line, previousBlank);
  if (command !== undefined) {
    return command === '' ? { kind: 'text', name: 'prompt' } : commandOf(DOLLAR.exec(line)?.[1] ?? line, command);
  }
  if (
    previousBlank &&
    !(current?.kind === 'command' && /^(?:sudo )?(?:ls|find|tree|stat|namei|readlink|ausearch|strace)\b/u.test(current.name))
  ) {
    const path = LONE_PATH.exec(line)?.[1];
    if (
      path !== undefined &&
      (/[:`=*<>#-]/u.test(line.replaceAll(path, '')) || /^\/(?:etc|proc|run|var\/lib|usr\/lib|boot|sys)\//u.test(path))
    )
      return { kind: 'file', name: path };
  }
  return undefined;
}

/** '==> X <==': a path, a command, a unit, a container, or a description. */
function labelled(name: string): Heading {
  const command = /^\$ +(.+)$/u.exec(name)?.[1];
  if (command !== undefined) return { kind: 'command', name: command };
  // "/etc/resolv.conf in the container", "/etc/hosts (of the pod)".
  const placed = /^(\/[\w./@+-]{1,200}) \(?(?:(?:in|inside|of|from|on) )?(?:an? |the |my |one )?([A-Za-z][\w .'-]{1,60})\)?$/u.exec(name);
  if (placed?.[1] !== undefined && placed[2] !== undefined) return { kind: 'file', name: placed[1], place: whereOfNote(placed[2]) };
  if (
    /^(?:\.{0,2}\/)?(?:[\w.@+ -]+\/)*[\w.@+-]+$/u.test(name) &&
    (name.includes('/') || /\.(?:log|conf|ya?ml|toml|json|txt|env|service|cfg|ini)$/u.test(name))
  )
    return { kind: 'file', name };
  const parsed = parseCommand(name);
  if (knownCommands.has(parsed.name) && parsed.words.length > 1) return { kind: 'command', name };
  return { kind: 'label', name };
}

export function splitText(text: string, input: string): readonly Piece[] {
  const lines = text.split(/\r\n|\n/u);
  const pieces: Piece[] = [];
  let heading: Heading | undefined;
  let from = 0;
  const close = (end: number): void => {
    const start = from;
    const content = lines.slice(start, end);
    while (content.length > 0 && isBlank(content.at(-1) ?? '')) content.pop();
    if (heading === undefined && content.every((l) => isBlank(l) || FENCE.test(l))) return;
    pieces.push(makePiece(heading, content, start + 1, input));
  };
  let blank = true;
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const product = pieces.length === 0 && heading === undefined && lines.slice(0, i).every(isBlank) ? PRODUCT.exec(line) : null;
    if (product !== null) {
      pieces.push({ name: 'product', kind: 'product', input, where: HOST, lines: [line], firstLine: i + 1 });
      from = i + 1;
      blank = true;
      continue;
    }
    const fence = FENCE.test(line);
    const next = fence ? undefined : headingOf(line, blank, heading);
    if (next !== undefined) {
      close(i);
      heading = next;
      from = next.keepsLine === true ? i : i + 1;
    }
    blank = fence || isBlank(line);
  }
  close(lines.length);
  return pieces;
}

function makePiece(heading: Heading | undefined, content: readonly string[], firstLine: number, input: string): Piece {
  const empty = content.length === 1 && /^[ \t]*\((?:empty|no output|nothing|none)\)[ \t]*$/iu.test(content[0] ?? '');
  const lines = empty ? [] : content.map((l) => (FENCE.test(l) ? '' : l));
  if (heading === undefined) return { name: 'text', kind: 'text', input, where: HOST, lines, firstLine };
  if (heading.kind === 'command') {
    const command = parseCommand(heading.name);
    const component = componentOf(heading.name);
    return {
      name: heading.name,
      kind: 'command',
      input,
      command,
      where: command.where,
      lines,
      firstLine,
      ...(component === undefined ? {} : { component }),
      ...(heading.promptHost === undefined ? {} : { promptHost: heading.promptHost }),
    };
  }
  const component = heading.kind === 'statements' ? undefined : componentOf(heading.name);
  const path = heading.kind === 'file' && heading.name.startsWith('/') ? heading.name : undefined;
  return {
    name: heading.name,
    kind: heading.kind,
    input,
    where: whereOfHeading(heading),
    lines,
    firstLine,
    ...(path === undefined ? {} : { path }),
    ...(component === undefined ? {} : { component }),
  };
}

/** "resolv.conf in the kubelet container" is a container's; a plain heading is the node's. */
function whereOfHeading(heading: Heading): Where {
  if (heading.place !== undefined) return heading.place;
  const note = / (?:in|inside|of|from) (?:a |an |the )?(.{2,60})$/u.exec(heading.name)?.[1];
  if (heading.kind !== 'label' || note === undefined || !/\b(?:pod|container)\b|容器/iu.test(note)) return HOST;
  return { kind: 'container', name: note.replace(/ (?:pod|container)$/u, '') };
}
