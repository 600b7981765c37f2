/** Bytes that nobody sees on a screen, and files that nobody can read. */
import type { FileContent, ProgramRun, ViewFacts } from '../../facts/node-facts.ts';
import { valueOf } from '../../facts/fact.ts';
import type { Symptom } from '../../facts/symptom.ts';
import type { Edit } from '../../remedy/edit.ts';
import { say } from '../../shared/text.ts';
import { ask } from '../_checks/index.ts';
import { defineCause } from '../define-cause.ts';
import type { CauseContext, Finding } from '../define-cause.ts';
import { hostsDatabase } from '../_nsswitch.ts';
import { ruledOut } from '../_ruled-out.ts';
import { HOSTS, viewsOf } from '../_localhost.ts';

const texts = {
  bytes: {
    en: '{path} line {line}: {what} at byte {offset} belongs to no name and no address, so the line is not seen',
    zh: '{path} 第 {line} 行：第 {offset} 字节处的 {what} 使该行不被识别',
  },
  clean: { en: 'the hosts files hold no invisible bytes outside comments', zh: 'hosts 文件在注释之外没有不可见字节' },
  crOnly: {
    en: '{path} has {count} carriage returns and not one line feed: it is a single line',
    zh: '{path} 含有 {count} 个回车符而没有换行符：整个文件是一行',
  },
  crlfFine: {
    en: 'line ends are as they should be, or are ones that every resolver here tolerates',
    zh: '行尾正常，或属于此处各解析器都能接受的形式',
  },
  mode: { en: '{path} has mode {mode}: other users cannot read it', zh: '{path} 的权限为 {mode}：其他用户无法读取' },
  notFile: { en: '{path} is not a regular file', zh: '{path} 不是普通文件' },
  readable: { en: 'the hosts files can be read by everyone', zh: '所有用户都能读取 hosts 文件' },
} as const;

const INVISIBLE = /[\uFEFF\u00A0\u200B-\u200F\u2060\u3000\0]/gu;

const ANY_INVISIBLE = /[\uFEFF\u00A0\u200B-\u200F\u2060\u3000\0]/u;

/**
 * A hosts file as somebody pasted it looks right, and a name that it has is not found all the same. A pasted text has lost what a screen
 * does not show: bytes, line ends, mode. (A file that was read on the machine has its mode.)
 */
function looksRightYetUnseen({ node, symptoms }: CauseContext): boolean {
  const pasted = node.views.flatMap((view) => {
    const fact = view.files[HOSTS];
    const file = fact === undefined ? undefined : valueOf(fact);
    return file === undefined ||
      file.mode !== undefined ||
      file.directory === true ||
      file.text.includes('\r') ||
      ANY_INVISIBLE.test(file.text) ||
      hostsDatabase(view)?.services.includes('files') === false
      ? []
      : [{ view, names: namesIn(file.text) }];
  });
  return pasted.some(
    ({ view, names }) =>
      symptoms.some(
        (s) => s.operation === 'resolve' && s.name !== undefined && names.has(s.name.toLowerCase()) && (s.view ?? view.id) === view.id,
      ) ||
      node.runs.some(
        (run) => run.view === view.id && run.client.startsWith('getent') && names.has(run.name.toLowerCase()) && isEmptyAnswer(run),
      ),
  );
}
const isEmptyAnswer = ({ stdout }: ProgramRun): boolean => /^(?:2|\(empty\))?$/u.test(stdout.trim());
const lookAtBytes = ask(
  'the bytes of the hosts file: a byte order mark, no-break spaces, carriage returns',
  'hosts 文件的字节：是否有字节序标记、不间断空格或回车符',
  'od -c /etc/hosts | head -20',
);
const lookAtMode = ask(
  'kind, mode and label of the hosts file, and the same look-up as the failing user',
  'hosts 文件的类型、权限和标签，以及以失败用户身份进行的同一查询',
  'stat -c "%A %U:%G %F %n" /etc/hosts; ls -Z /etc/hosts',
);

interface Invisible {
  readonly line: number;
  /** Byte offset from the start of the file, from 0. */
  readonly offset: number;
  readonly what: string;
  readonly text: string;
}

const NAMES: Readonly<Record<string, string>> = {
  '\uFEFF': 'a byte order mark (EF BB BF)',
  '\u00A0': 'a no-break space (C2 A0)',
  '\u200B': 'a zero width space (E2 80 8B)',
  '\u200C': 'a zero width non-joiner (E2 80 8C)',
  '\u200D': 'a zero width joiner (E2 80 8D)',
  '\u200E': 'a direction mark (E2 80 8E)',
  '\u200F': 'a direction mark (E2 80 8F)',
  '\u2060': 'a word joiner (E2 81 A0)',
  '\u3000': 'an ideographic space (E3 80 80)',
  '\0': 'a NUL byte (00)',
};
const utf8Length = (text: string): number => [...text].reduce((sum, c) => sum + utf8Width(c.codePointAt(0) ?? 0), 0);
const utf8Width = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

/** Invisible characters in front of a `#`, line by line. */
function invisibleIn(file: FileContent): readonly Invisible[] {
  const found: Invisible[] = [];
  if (!ANY_INVISIBLE.test(file.text)) return found;
  let start = 0;
  file.text.split('\n').forEach((text, index) => {
    const body = text.replace(/#.*$/u, '');
    if (body.replace(INVISIBLE, '').trim() !== '') {
      for (const match of body.matchAll(INVISIBLE)) {
        found.push({
          line: index + 1,
          offset: start + utf8Length(body.slice(0, match.index)),
          what: NAMES[match[0]] ?? 'a control character',
          text,
        });
      }
    }
    start += utf8Length(text) + 1;
  });
  return found;
}

/** No-break and ideographic spaces stand where a blank was meant; the others stand where nothing was. */
const cleaned = (text: string): string =>
  text
    .split('\n')
    .map((line) => {
      const hash = line.indexOf('#');
      const body = hash < 0 ? line : line.slice(0, hash);
      return body.replace(/[\u00A0\u3000]/gu, ' ').replace(/[\uFEFF\u200B-\u200F\u2060\0]/gu, '') + (hash < 0 ? '' : line.slice(hash));
    })
    .join('\n');

const CLEAN_COMMAND =
  "LC_ALL=C sed -e 's/\\xEF\\xBB\\xBF//g; s/\\xC2\\xA0/ /g; s/\\xE3\\x80\\x80/ /g; s/\\xE2\\x80[\\x8B-\\x8F]//g; s/\\xE2\\x81\\xA0//g; s/\\x00//g'";

export const hostsBomOrInvisibleBytes = defineCause({
  id: 'hosts-bom-or-invisible-bytes',
  area: 'localhost-and-hosts',
  severity: 'high',
  layer: 1,
  title: { en: 'Invisible bytes hide a line of the hosts file', zh: '不可见字节使 hosts 文件的某一行失效' },
  mechanism: {
    en: 'A byte order mark, a no-break space or a zero width character became part of the address or name when the file was edited on Windows or pasted from a web page. glibc, Go and musl all skip the line, although it looks right on the screen.',
    zh: '在 Windows 上编辑或从网页粘贴时，字节序标记、不间断空格或零宽字符混入了地址或名称。该行在屏幕上看起来正常，但 glibc、Go 和 musl 都会忽略它。',
  },
  summary: {
    en: '{path} line {line} holds {what}, so resolvers do not see the line.',
    zh: '{path} 第 {line} 行含有 {what}，解析器因此看不到这一行。',
  },
  sources: ['glibc nss/nss_files/files-hosts.c', 'Go src/net/hosts.go', 'measured'],
  lookAlikes: ['localhost-missing', 'hosts-cr-line-endings'],
  confirms: [
    {
      en: "`grep -nP '\\xEF\\xBB\\xBF|\\xC2\\xA0|\\xE2\\x80[\\x8B-\\x8F]|\\x00' /etc/hosts` finds a line that is no comment",
      zh: "`grep -nP '\\xEF\\xBB\\xBF|\\xC2\\xA0|\\xE2\\x80[\\x8B-\\x8F]|\\x00' /etc/hosts` 命中了非注释行",
    },
  ],
  refutes: [{ en: 'the bytes stand in comments only', zh: '这些字节只出现在注释中' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Are there bytes in /etc/hosts that no editor shows (a BOM, a no-break space)?',
        zh: '/etc/hosts 中是否有编辑器不显示的字节（BOM、不换行空格）？',
      },
      command: "grep -nP '[^\\x00-\\x7F]' /etc/hosts; head -c 16 /etc/hosts | od -c",
    },
  ],
  remedies: [
    {
      id: 'strip-bytes',
      title: { en: 'Take exactly these bytes out of {path}', zh: '从 {path} 中去除这些字节' },
      risk: { en: 'none', zh: '无' },
      safety: 'safe',
      command: `cp -p /etc/hosts /etc/hosts.bak; ${CLEAN_COMMAND} /etc/hosts.bak > /etc/hosts`,
      undo: 'cat /etc/hosts.bak > /etc/hosts',
      verify: ['getent ahosts localhost', 'LC_ALL=C grep -c "[^ -~[:blank:]]" /etc/hosts'],
    },
  ],
  check: (context) => {
    const { world } = context;
    const findings = viewsOf(world).flatMap(({ view }): readonly Finding[] => {
      const fact = view.files[HOSTS];
      const file = fact === undefined ? undefined : valueOf(fact);
      const found = file === undefined ? [] : invisibleIn(file);
      const [first] = found;
      if (file === undefined || first === undefined) return [];
      const names = namesIn(cleaned(file.text));
      const edit: Edit = { edit: 'write-file', view: view.id, path: HOSTS, text: cleaned(file.text), command: CLEAN_COMMAND };
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: HOSTS, line: first.line, what: first.what, offset: first.offset },
          evidence: found.slice(0, 5).map(({ line, what, offset, text }) => ({
            said: say(texts.bytes, { path: HOSTS, line, what, offset }),
            source: { kind: 'file', path: HOSTS, view: view.id, line, text },
            // That very name is not found: the line is there, and nobody sees it.
            grade: context.symptoms.some((s) => s.operation === 'resolve' && names.has(s.name?.toLowerCase() ?? '')) ? 'direct' : 'strong',
          })),
          remedies: [{ id: 'strip-bytes', edits: [edit] }],
          explainsAnswer: (a) => a.view === view.id && names.has(a.name.toLowerCase()),
          explainsSymptom: (s) => s.name !== undefined && names.has(s.name.toLowerCase()),
        },
      ];
    });
    if (findings.length > 0) return findings;
    return looksRightYetUnseen(context)
      ? [{ status: 'cannot-tell', needs: [lookAtBytes] }]
      : ruledOut(world.node, say(texts.clean), '/etc/hosts');
  },
});

const namesIn = (text: string): ReadonlySet<string> =>
  new Set(
    text.split(/[\n\r]/u).flatMap((line) =>
      line
        .replace(/#.*$/u, '')
        .split(/[ \t\r]+/u)
        .slice(1)
        .map((n) => n.toLowerCase()),
    ),
  );

/** A name that ends in a carriage return, as Go quotes it or as it stands. */
const RETURN_IN_NAME = /\blookup [\w.-]{1,255}(?:\\r|\r)|host "?[\w.-]{1,255}(?:\\r|\r)/u;

export const hostsCrLineEndings = defineCause({
  id: 'hosts-cr-line-endings',
  area: 'localhost-and-hosts',
  severity: 'medium',
  layer: 1,
  title: { en: 'Carriage returns in the hosts file', zh: 'hosts 文件中含有回车符' },
  mechanism: {
    en: 'A file whose lines end in bare carriage returns is one single line: all later addresses turn into names of the first. CRLF is tolerated by glibc and Go; musl, scripts and templates may keep the carriage return as part of a name.',
    zh: '以单独回车符结尾的文件实际上只有一行：后面的地址全部变成第一个地址的名称。CRLF 可被 glibc 和 Go 接受；musl、脚本和模板则可能把回车符当作名称的一部分。',
  },
  summary: {
    en: '{path} holds carriage returns, and a program reads its lines otherwise than they look.',
    zh: '{path} 含有回车符，程序读到的内容与看上去的不同。',
  },
  sources: ['glibc nss/nss_files/files-hosts.c', 'musl src/network/lookup_name.c', 'measured'],
  lookAlikes: ['hosts-bom-or-invisible-bytes', 'localhost-missing'],
  confirms: [
    {
      en: 'the file holds carriage returns and no line feed; or a failing look-up in the view whose resolver keeps them',
      zh: '文件只有回车符而没有换行符；或者在保留回车符的解析器中查询失败',
    },
  ],
  refutes: [{ en: 'CRLF, and every look-up works', zh: '为 CRLF，且所有查询都正常' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'Do the lines of /etc/hosts end with carriage returns (written on Windows)?',
        zh: '/etc/hosts 的行尾是否带有回车符（在 Windows 上编写）？',
      },
      command: "grep -c $'\\r' /etc/hosts; cat -A /etc/hosts | head",
    },
  ],
  remedies: [
    {
      id: 'strip-cr',
      title: { en: 'Turn the carriage returns of {path} into line feeds', zh: '把 {path} 中的回车符改为换行符' },
      risk: { en: 'none', zh: '无' },
      safety: 'safe',
      command: "cp -p /etc/hosts /etc/hosts.bak; sed -e 's/\\r$//' /etc/hosts.bak | tr '\\r' '\\n' > /etc/hosts",
      undo: 'cat /etc/hosts.bak > /etc/hosts',
      verify: ['getent ahosts localhost', "grep -c '\\r' /etc/hosts"],
    },
  ],
  check: (context) => {
    const { world, symptoms } = context;
    const findings = viewsOf(world).flatMap(({ view }): readonly Finding[] => {
      const fact = view.files[HOSTS];
      const text = fact === undefined ? undefined : valueOf(fact)?.text;
      if (text?.includes('\r') !== true) return [];
      const next = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
      const count = text.split('\r').length - 1;
      const names = namesIn(next);
      return [
        {
          status: 'present',
          view: view.id,
          values: { path: HOSTS, count },
          evidence: [
            {
              said: say(texts.crOnly, { path: HOSTS, count }),
              source: { kind: 'file', path: HOSTS, view: view.id },
              grade: text.includes('\n') ? 'weak' : symptoms.some((s) => names.has(s.name?.toLowerCase() ?? '')) ? 'direct' : 'strong',
            },
          ],
          remedies: [
            {
              id: 'strip-cr',
              edits: [{ edit: 'write-file', view: view.id, path: HOSTS, text: next, command: "sed -e 's/\\r$//' | tr '\\r' '\\n'" }],
            },
          ],
          explainsAnswer: (a) => a.view === view.id && names.has(a.name.toLowerCase()),
          explainsSymptom: (s) =>
            s.name?.includes('\r') === true || (!text.includes('\n') && s.name !== undefined && names.has(s.name.toLowerCase())),
        },
      ];
    });
    if (findings.length > 0) return findings;
    const carried = symptoms.some((s) => s.evidence.some((source) => RETURN_IN_NAME.test(source.text ?? '')));
    return carried || looksRightYetUnseen(context)
      ? [{ status: 'cannot-tell', needs: [lookAtBytes] }]
      : ruledOut(world.node, say(texts.crlfFine), '/etc/hosts');
  },
});

export const hostsUnreadable = defineCause({
  id: 'hosts-unreadable',
  area: 'localhost-and-hosts',
  severity: 'high',
  layer: 1,
  title: { en: 'The hosts file cannot be read', zh: 'hosts 文件无法读取' },
  mechanism: {
    en: 'Mode 600, a wrong SELinux label, or a directory in its place: libc and Go treat a hosts file that they cannot read as empty, without a word. root may see no fault where the user of a container or of ssh does.',
    zh: '权限为 600、SELinux 标签错误，或该路径是一个目录：libc 和 Go 会把无法读取的 hosts 文件当作空文件，且不给出任何提示。root 可能看不出问题，而容器用户或 ssh 用户却会失败。',
  },
  summary: { en: '{path} cannot be read by everyone who needs it.', zh: '需要它的用户无法读取 {path}。' },
  sources: ['glibc nss/nss_files/files-XXX.c', 'Go src/net/hosts.go'],
  lookAlikes: ['localhost-missing'],
  confirms: [
    {
      en: '`stat -c "%A %F" /etc/hosts` does not say -rw-r--r-- regular file',
      zh: '`stat -c "%A %F" /etc/hosts` 的结果不是 -rw-r--r-- regular file',
    },
  ],
  refutes: [{ en: 'the same look-up gives the same answer as root and as the failing user', zh: '以 root 和以失败用户查询的结果相同' }],
  asks: [
    {
      kind: 'ask',
      what: {
        en: 'May the user of the failing program read /etc/hosts: which owner and mode has it, and does SELinux or AppArmor deny it?',
        zh: '出错程序的用户能否读取 /etc/hosts？其属主和权限是什么？是否被 SELinux 或 AppArmor 拒绝？',
      },
      command: 'ls -lZ /etc/hosts; namei -l /etc/hosts',
    },
  ],
  remedies: [
    {
      id: 'mode-0644',
      title: { en: 'Give {path} mode 0644 and its label back', zh: '将 {path} 的权限恢复为 0644 并恢复标签' },
      risk: { en: 'none', zh: '无' },
      safety: 'safe',
      command: 'chmod 0644 /etc/hosts; restorecon /etc/hosts 2>/dev/null',
      undo: 'chmod {mode} /etc/hosts',
      verify: ['stat -c "%a %F" /etc/hosts'],
    },
    {
      id: 'file-in-place',
      title: { en: 'Put a file in the place of the directory {path}', zh: '用文件替换目录 {path}' },
      risk: { en: 'a container that mounts the directory keeps it until it is made anew', zh: '挂载了该目录的容器在重建之前仍会看到它' },
      safety: 'needs-a-person',
      command: "mv /etc/hosts /etc/hosts.directory; echo '127.0.0.1 localhost localhost.localdomain localhost4' > /etc/hosts",
      undo: 'rm /etc/hosts; mv /etc/hosts.directory /etc/hosts',
      verify: ['getent ahosts localhost'],
    },
  ],
  signatures: [
    {
      id: 'hosts-unreadable/open',
      anchors: ['/etc/hosts'],
      pattern: /(?:open|cat:) ?\/etc\/hosts: (?:permission denied|is a directory)/iu,
      grade: 'direct',
      matches: ['open /etc/hosts: permission denied', 'cat: /etc/hosts: Is a directory'],
      rejects: ['open /etc/hosts: no such file or directory'],
    },
  ],
  check: (context) => {
    const { world, symptoms } = context;
    const heard = (s: { readonly kind: string }): boolean => s.kind === 'hosts-unreadable/open';
    const findings = viewsOf(world).flatMap(({ view }): readonly Finding[] => unreadable(view, heard));
    if (findings.length > 0) return findings;
    const listed = asListed(context);
    if (listed.length > 0) return listed;
    const symptom = symptoms.find(heard);
    if (symptom === undefined) {
      return looksRightYetUnseen(context)
        ? [{ status: 'cannot-tell', needs: [lookAtMode] }]
        : ruledOut(world.node, say(texts.readable), '/etc/hosts');
    }
    const [source] = symptom.evidence;
    return [
      {
        status: 'present',
        values: { path: HOSTS, mode: '0600' },
        evidence: [{ said: say(texts.mode, { path: HOSTS, mode: '?' }), ...(source === undefined ? {} : { source }), grade: 'direct' }],
        explainsSymptom: heard,
        atMost: 'likely',
      },
    ];
  },
});

/** ls and stat of the node tell kind and mode, where nobody showed the text. */
function asListed({ node, symptoms }: CauseContext): readonly Finding[] {
  const kind = node.observations[`file.${HOSTS}.kind`];
  const mode = node.observations[`file.${HOSTS}.mode`];
  const fails = (s: Symptom): boolean => s.operation === 'resolve' || s.kind === 'hosts-unreadable/open';
  if (!symptoms.some(fails)) return [];
  if (kind?.state === 'known' && kind.value === 'directory') {
    return [
      {
        status: 'present',
        values: { path: HOSTS, mode: '' },
        evidence: [{ said: say(texts.notFile, { path: HOSTS }), source: kind.source, grade: 'direct' }],
        remedies: [{ id: 'file-in-place' }],
        explainsSymptom: fails,
        atMost: 'likely',
      },
    ];
  }
  if (mode?.state !== 'known' || typeof mode.value !== 'string' || (Number.parseInt(mode.value, 8) & 0o004) !== 0) return [];
  return [
    {
      status: 'present',
      values: { path: HOSTS, mode: mode.value },
      evidence: [{ said: say(texts.mode, { path: HOSTS, mode: mode.value }), source: mode.source, grade: 'direct' }],
      remedies: [{ id: 'mode-0644' }],
      explainsSymptom: fails,
      atMost: 'likely',
    },
  ];
}

const rewritten = (view: ViewFacts): Edit => ({
  edit: 'write-file',
  view: view.id,
  path: HOSTS,
  text: '127.0.0.1 localhost localhost.localdomain localhost4\n',
  command: "echo '127.0.0.1 localhost localhost.localdomain localhost4'",
});

function unreadable(view: ViewFacts, heard: (s: { readonly kind: string }) => boolean): readonly Finding[] {
  const fact = view.files[HOSTS];
  const file = fact === undefined ? undefined : valueOf(fact);
  const source = { kind: 'file', path: HOSTS, view: view.id } as const;
  const explains = { explainsAnswer: (a: { readonly view: string }): boolean => a.view === view.id, explainsSymptom: heard };
  if (file?.directory === true || (fact?.state === 'unobserved' && fact.reason === 'not-a-regular-file')) {
    return [
      {
        status: 'present',
        view: view.id,
        values: { path: HOSTS, mode: '' },
        evidence: [{ said: say(texts.notFile, { path: HOSTS }), source, grade: 'direct' }],
        ...(file?.directory === true ? { remedies: [{ id: 'file-in-place', edits: [rewritten(view)] }] } : {}),
        ...explains,
      },
    ];
  }
  if (file?.mode === undefined || (file.mode & 0o004) !== 0) return [];
  const mode = file.mode.toString(8).padStart(4, '0');
  return [
    {
      status: 'present',
      view: view.id,
      values: { path: HOSTS, mode },
      evidence: [{ said: say(texts.mode, { path: HOSTS, mode }), source, grade: 'strong' }],
      remedies: [{ id: 'mode-0644', edits: [{ edit: 'chmod', view: view.id, path: HOSTS, mode: 0o644 }] }],
      // root reads it all the same, so the model, which looks as root, sees nothing fail.
      explainsSymptom: heard,
    },
  ];
}
