/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import { known, type Source } from '../../facts/fact.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { HOST, sourceOf } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

const UNAME = /^Linux ([^ ]+) ([^ ]+) (#.*?) ?(x86_64|aarch64|armv7l|armv6l|ppc64le|s390x|i686|riscv64|loongarch64)\b/u;

/** `uname -a`: system, node name, release, version, machine. `uname -r` gives the release alone. */
export const uname = defineRecogniser({
  id: 'uname',
  title: { en: 'kernel and host name (uname)', zh: '内核与主机名（uname）' },
  commands: (c) => c.name === 'uname',
  names: /(?:^|\/)uname(?:[-_]+a)?(?:\.txt|\.out)?$/u,
  look: (lines) => fitting(lines, UNAME) > 0,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const all = UNAME.exec(line);
      if (all !== null) {
        if (piece.where.kind === 'host') {
          setKernel(facts, all[2] ?? '', source);
          facts.observe('arch', all[4] ?? '', source);
          if (facts.hostname.state !== 'known') facts.hostname = known(all[1] ?? '', source);
          facts.view(HOST);
        }
        return true;
      }
      if (/^\d+\.\d[\w.+~-]*$/u.test(line.trim()) && piece.where.kind === 'host') {
        setKernel(facts, line.trim(), source);
        return true;
      }
      return /^(?:x86_64|aarch64|armv7l)$/u.test(line.trim());
    });
  },
});

export function setKernel(facts: EvidenceFacts, release: string, source: Source): void {
  if (facts.kernelRelease.state !== 'known') facts.kernelRelease = known(release, source);
  facts.observe('kernel.release', release, source);
}

const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:rhel|centos|rocky|almalinux|ol|oracle|fedora|amzn|anolis|openeuler|kylin)\b/u, 'rhel'],
  [/\b(?:debian|ubuntu|raspbian|linuxmint)\b/u, 'debian'],
  [/\b(?:sles|suse|opensuse)/u, 'suse'],
  [/\balpine\b/u, 'alpine'],
  [/\barch(?:linux)?\b/u, 'arch'],
];
export const familyOf = (ids: string): string => FAMILIES.find(([p]) => p.test(ids.toLowerCase()))?.[1] ?? 'other';

/** os-release: NAME=value, shell quoting. Source: os-release(5). */
export const osRelease = defineRecogniser({
  id: 'os-release',
  title: { en: 'os-release', zh: 'os-release' },
  prose: true,
  commands: (c) => c.words.some((w) => /\/(?:etc|usr\/lib)\/(?:os-release|\*release|\*-release)/u.test(w)),
  names: /(?:^|\/)(?:os-?release|lsb-release)(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^(?:NAME|ID|VERSION_ID|PRETTY_NAME)=/u) >= 3,
  read(piece, facts) {
    const values: Record<string, string> = {};
    const understood = eachLine(piece, (line) => {
      const hit = /^([A-Z][A-Z0-9_]*)=(.*)$/u.exec(line);
      if (hit === null) return /^[A-Z].* release \d/u.test(line);
      values[hit[1] ?? ''] ??= (hit[2] ?? '').replace(/^["']|["']$/gu, '');
      return true;
    });
    const source = sourceOf(piece, 0);
    if (piece.where.kind === 'host' && values['ID'] !== undefined) {
      if (facts.osRelease.state !== 'known') facts.osRelease = known(values, source);
      setOs(facts, values['ID'], values['VERSION_ID'], `${values['ID']} ${values['ID_LIKE'] ?? ''}`, source);
    } else if (piece.where.kind === 'container') facts.setLibc(piece.where, { kind: values['ID'] === 'alpine' ? 'musl' : 'glibc' }, source);
    return understood;
  },
});

/** Distribution facts; every family but Alpine has glibc. */
export function setOs(facts: EvidenceFacts, id: string, version: string | undefined, ids: string, source: Source): void {
  const family = familyOf(ids);
  facts.observe('os.id', id, source);
  if (version !== undefined && version !== '') facts.observe('os.version', version, source);
  facts.observe('os.family', family, source);
  if (family !== 'other') facts.setLibc(HOST, { kind: family === 'alpine' ? 'musl' : 'glibc' }, source);
}

/** hostnamectl, `hostname`, lsb_release. */
export const hostnamectl = defineRecogniser({
  id: 'hostnamectl',
  title: { en: 'host name and system (hostnamectl)', zh: '主机名与系统（hostnamectl）' },
  commands: (c) => c.name === 'hostnamectl' || c.name === 'hostname' || c.name === 'lsb_release',
  names: /(?:^|\/)(?:hostnamectl(?:_status)?|hostname|hostnamefqdn)(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^ *(?:Static hostname|Operating System|Machine ID|Virtualization): /u) >= 2,
  read(piece, facts) {
    const here = piece.where.kind === 'host';
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const hit = /^ *([A-Z][\w ]+): +(.+)$/u.exec(line);
      if (hit === null) {
        const name = line.trim();
        if (!/^[A-Za-z0-9][\w.-]{0,252}$/u.test(name) || /fqdn|-f\b|-i\b|-I\b/iu.test(piece.name))
          return name === '' ? false : /^[\w.: -]+$/u.test(name) && here;
        if (here && facts.hostname.state !== 'known') facts.hostname = known(name, source);
        return true;
      }
      const [, key = '', value = ''] = hit;
      if (!here) return true;
      if (key === 'Static hostname') facts.hostname = known(value, source);
      else if (key === 'Virtualization') facts.observe('virtualization', value.toLowerCase(), source);
      else if (key === 'Kernel') setKernel(facts, value.replace(/^Linux /u, ''), source);
      else if (key === 'Machine ID') facts.observe('machine.id', value, source);
      else if (key === 'Operating System' || key === 'Description') {
        const os = osOfText(value);
        if (os !== undefined) setOs(facts, os.id, os.version, os.id, source);
      } else if (key === 'Architecture') facts.observe('arch', value, source);
      return true;
    });
  },
});

const OS_NAMES: readonly (readonly [RegExp, string])[] = [
  [/red ?hat|\brhel\b/iu, 'rhel'],
  [/centos/iu, 'centos'],
  [/rocky/iu, 'rocky'],
  [/alma/iu, 'almalinux'],
  [/oracle linux|\bol\b/iu, 'ol'],
  [/fedora/iu, 'fedora'],
  [/amazon linux/iu, 'amzn'],
  [/raspb(?:ian|erry)/iu, 'raspbian'],
  [/ubuntu/iu, 'ubuntu'],
  [/debian|buster|bullseye|bookworm/iu, 'debian'],
  [/opensuse/iu, 'opensuse'],
  [/\bsles?\b|suse/iu, 'sles'],
  [/alpine/iu, 'alpine'],
  [/flatcar/iu, 'flatcar'],
  [/coreos/iu, 'coreos'],
  [/arch linux|archlinux|manjaro/iu, 'arch'],
  [/talos/iu, 'talos'],
  [/rancheros/iu, 'rancheros'],
  [/photon/iu, 'photon'],
  [/openeuler/iu, 'openeuler'],
  [/kylin/iu, 'kylin'],
  [/anolis/iu, 'anolis'],
  [/dietpi/iu, 'debian'],
  [/nixos/iu, 'nixos'],
];

/** 'CentOS Linux 7.5', 'Debian 10', 'RHEL 8.4' → id and version. */
export function osOfText(text: string): { readonly id: string; readonly version?: string } | undefined {
  const id = OS_NAMES.find(([p]) => p.test(text))?.[1];
  if (id === undefined) return undefined;
  const version = /(?:^|[ v(])(\d{1,2}(?:\.\d{1,2}){0,2})\b/u.exec(text.replace(/kernel.*$/iu, ''))?.[1];
  return { id, ...(version === undefined ? {} : { version }) };
}

/** /proc/cmdline: the parameters the running kernel was started with. */
export const procCmdline = defineRecogniser({
  id: 'proc-cmdline',
  title: { en: 'kernel command line (/proc/cmdline)', zh: '内核启动参数（/proc/cmdline）' },
  prose: true,
  commands: (c) => c.words.includes('/proc/cmdline'),
  names: /(?:^|\/)proc\/cmdline(?:\.txt)?$/u,
  look: (lines) => fitting(lines, /^(?:BOOT_IMAGE=|coherent_pool=|console=|root=)[^ ]+ .*(?:root=|ro\b|rw\b)/u) > 0,
  read(piece, facts) {
    const at = piece.lines.findIndex((l) => l.trim() !== '');
    const line = piece.lines[at];
    if (line === undefined || piece.where.kind !== 'host') return 'all';
    const source = sourceOf(piece, at);
    facts.bootParameters = known(line.trim(), source);
    if (/(?:^| )ipv6\.disable=1(?: |$)/u.test(line)) facts.netns(HOST).ipv6Socket = known(false, source);
    return 'all';
  },
});

/**
 * The boot line as it stands in a file. It says nothing of the kernel that runs: nobody may have rebooted since, and the firmware takes
 * the first line only. Source: raspberrypi documentation, "Kernel command line (cmdline.txt)".
 */
export const bootLineFile = defineRecogniser({
  id: 'boot-line-file',
  title: { en: 'boot line in a file (cmdline.txt)', zh: '文件中的启动参数（cmdline.txt）' },
  prose: true,
  commands: (c) => c.words.some((w) => /\/boot\/.*(?:cmdline|nobtcmd)\.txt$/u.test(w)),
  names: /(?:^|\/)boot\/(?:[\w.-]+\/)*(?:cmdline|nobtcmd)\.txt$/u,
  read(piece, facts) {
    const lines = piece.lines.map((l) => l.trim());
    const at = lines.findIndex((l) => l !== '');
    if (at < 0 || piece.where.kind !== 'host') return 'all';
    const parameters = (line: string): readonly string[] => line.split(/ +/u).filter((p) => p !== '');
    facts.observe('boot.file-parameters', parameters(lines[at] ?? ''), sourceOf(piece, at));
    const rest = lines.findIndex((l, i) => i > at && l !== '' && !l.startsWith('#'));
    if (rest >= 0) facts.observe('boot.file-parameters-ignored', parameters(lines[rest] ?? ''), sourceOf(piece, rest));
    return 'all';
  },
});

/** systemd-detect-virt, dmidecode system strings, free text of a cloud. */
export const detectVirt = defineRecogniser({
  id: 'detect-virt',
  title: { en: 'virtualization', zh: '虚拟化' },
  commands: (c) => c.name === 'systemd-detect-virt' || c.words.some((w) => w.startsWith('/sys/class/dmi/id/')),
  names: /systemd-detect-virt$/u,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const word = line.trim();
      if (word === '' || word.length > 80) return false;
      if (piece.where.kind === 'host') facts.observe('virtualization', word.toLowerCase(), sourceOf(piece, i));
      return true;
    });
  },
});
