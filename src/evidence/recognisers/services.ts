/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import type { Source } from '../../facts/fact.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { argumentsOf, shellWords } from '../pieces/command-line.ts';
import { sourceOf } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';
import { noteProxy } from './environment.ts';
import { noteFlags } from './processes.ts';

const unitOf = (name: string): string => name.replace(/\.service$/u, '');
const WATCHED =
  /^(?:firewalld|ufw|NetworkManager|nm-cloud-setup|systemd-resolved|docker|containerd|crio|kubelet|k3s|rke2|nscd|unscd|dnsmasq|chronyd?|ntpd?|systemd-timesyncd)/u;

/** `systemctl status UNIT`: state, result, main process and the last lines of its journal. Source: systemctl(1). */
export const systemctlStatus = defineRecogniser({
  id: 'systemctl-status',
  title: { en: 'state of a unit (systemctl status)', zh: '单元状态（systemctl status）' },
  commands: (c) => (c.name === 'systemctl' && c.words.includes('status')) || c.name === 'service' || c.name === 'rc-service',
  names: /systemctl[-_]status[-_]/u,
  look: (lines) =>
    fitting(lines, /^[ \t]*(?:[●○×*↻] ?)?[\w@.-]+\.(?:service|socket|timer)(?: - .+)?$/u) > 0 &&
    fitting(lines, /^[ \t]*(?:Loaded|Active): /u) > 0,
  read(piece, facts) {
    let unit = unitOf((piece.command === undefined ? undefined : argumentsOf(piece.command).find((a) => a !== 'status')) ?? '');
    const here = piece.where.kind === 'host';
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const head = /^[ \t]*[●○×*↻] ?([\w@.-]+?)(?:\.service)?(?: - .*)?$/u.exec(line)?.[1];
      if (head !== undefined) {
        unit = head;
        return true;
      }
      const active = /^[ \t]*Active: (\w+)(?: \(([^)]*)\))?(.*)$/u.exec(line);
      if (active !== null) {
        if (here && unit !== '') {
          facts.observe(`unit.${unit}.active`, active[1] ?? '', source);
          const result = /Result: ([\w-]+)/u.exec(line)?.[1];
          if (result !== undefined) facts.observe(`unit.${unit}.result`, result, source);
          noteKnownUnit(facts, unit, active[1] === 'active', source);
          const since = / since \w{3} (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC/u.exec(active[3] ?? '')?.[1];
          if (since !== undefined) facts.observe(`unit.${unit}.started-at`, `${since.replace(' ', 'T')}Z`, source);
        }
        return true;
      }
      const loaded = /^[ \t]*Loaded: ([^ ]+) \([^;)]*; ?(enabled|disabled|masked|static|indirect)/u.exec(line);
      if (loaded !== null && here && unit !== '') facts.observe(`unit.${unit}.enabled`, loaded[2] ?? '', source);
      const missing = /^Unit ([\w@.-]+?)(?:\.service)? could not be found/u.exec(line)?.[1];
      if (missing !== undefined && here) {
        facts.observe(`unit.${missing}.active`, 'inactive', source);
        facts.observe(`unit.${missing}.enabled`, 'not-found', source);
        noteKnownUnit(facts, missing, false, source);
      }
      const status = /^[ \t]*Main PID: \d+ \(code=exited, status=(\d+)/u.exec(line)?.[1];
      if (status !== undefined && here && unit !== '') facts.observe(`unit.${unit}.exit-status`, Number(status), source);
      return /^[ \t]*(?:Loaded|Docs|Process|Main PID|Tasks|Memory|CPU|CGroup|Drop-In|Status|TriggeredBy|Until|Trigger|Warning):|^[ \t]*[├└─│]|^Unit |^[ \t]+\/(?:etc|lib|usr|run)\//u.test(
        line,
      );
    });
  },
});

/** Units whose being on is a fact with a key of its own. */
export function noteKnownUnit(facts: EvidenceFacts, unit: string, on: boolean, source: Source): void {
  if (!WATCHED.test(unit)) return;
  if (unit === 'firewalld') facts.observe('firewalld.active', on, source);
  if (unit === 'ufw') facts.observe('ufw.active', on, source);
  if (unit === 'NetworkManager') facts.observe('networkmanager.active', on, source);
  if (unit === 'docker') facts.observe('docker.running', on, source);
  if (unit === 'kubelet') facts.observe('kubelet.running', on, source);
  if (unit === 'nscd' || unit === 'unscd') facts.observe('nscd.running', on, source);
  if (unit === 'systemd-resolved' && on) facts.observe('local-resolver', 'systemd-resolved', source);
}

/** `systemctl is-active|is-enabled UNIT…`: one word a unit. */
export const systemctlIs = defineRecogniser({
  id: 'systemctl-is',
  title: { en: 'state of units (systemctl is-active, is-enabled)', zh: '单元状态（systemctl is-active、is-enabled）' },
  commands: (c) => c.name === 'systemctl' && c.words.some((w) => /^is-(?:active|enabled|failed)$/u.test(w)),
  read(piece, facts) {
    const words = piece.command === undefined ? [] : argumentsOf(piece.command);
    const verb = words.find((w) => w.startsWith('is-'));
    const units = words.filter((w) => w !== verb);
    let at = 0;
    return eachLine(piece, (line, i) => {
      const word = line.trim();
      const source = sourceOf(piece, i);
      const missing = /Failed to get unit file state for ([\w@.-]+?)(?:\.service|\.timer)?:/u.exec(word)?.[1];
      const unit = unitOf(missing ?? units[at] ?? '').replace(/\.timer$/u, '');
      if (word === '' || unit === '' || (missing === undefined && !/^[a-z-]+$/u.test(word))) return false;
      at += 1;
      if (piece.where.kind !== 'host') return true;
      if (verb === 'is-enabled') {
        facts.observe(`unit.${unit}.enabled`, missing === undefined ? word : 'not-found', source);
        if (unit === 'nm-cloud-setup') facts.observe('nm-cloud-setup.enabled', word === 'enabled', source);
      } else {
        facts.observe(`unit.${unit}.active`, word, source);
        noteKnownUnit(facts, unit, word === 'active', source);
      }
      return true;
    });
  },
});

/** `systemctl list-units`, `list-unit-files`. */
export const systemctlList = defineRecogniser({
  id: 'systemctl-list',
  title: { en: 'units (systemctl list-units)', zh: '单元列表（systemctl list-units）' },
  commands: (c) => c.name === 'systemctl' && c.words.some((w) => /^list-(?:units|unit-files|timers)$/u.test(w)),
  names: /(?:^|\/)systemd-unit(?:s|-files)$|systemctl_list-units/u,
  look: (lines) => fitting(lines, /^[ \t●]*[\w@.-]+\.service +(?:loaded +(?:active|inactive|failed)|enabled|disabled|masked|static)/u) >= 2,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const unit = /^[ \t●]*([\w@.\\-]+)\.(?:service|timer) +loaded +(active|inactive|failed|activating) +(\w+)/u.exec(line);
      const file = /^([\w@.\\-]+)\.(?:service|timer) +(enabled|disabled|masked|static)/u.exec(line);
      if (piece.where.kind === 'host') {
        if (unit !== null) {
          facts.observe(`unit.${unit[1] ?? ''}.active`, unit[2] ?? '', sourceOf(piece, i));
          noteKnownUnit(facts, unit[1] ?? '', unit[2] === 'active', sourceOf(piece, i));
        }
        if (file !== null) {
          facts.observe(`unit.${file[1] ?? ''}.enabled`, file[2] ?? '', sourceOf(piece, i));
          if (file[1] === 'nm-cloud-setup') facts.observe('nm-cloud-setup.enabled', file[2] === 'enabled', sourceOf(piece, i));
        }
      }
      return (
        unit !== null ||
        file !== null ||
        /^(?:UNIT|\d+ (?:loaded|unit)|LOAD|ACTIVE|SUB|To show)|^[ \t●]*[\w@.\\-]+\.\w+ +(?:loaded|enabled|disabled|static)/u.test(line)
      );
    });
  },
});

/** A unit file or drop-in: what is started, with which environment. */
export const unitFile = defineRecogniser({
  id: 'unit-file',
  title: { en: 'systemd unit', zh: 'systemd 单元文件' },
  prose: true,
  commands: (c) => c.name === 'systemctl' && c.words.some((w) => w === 'cat' || w === 'show'),
  names: /(?:^|\/)(?:[\w@.-]+\.service|[\w@.-]+\.service\.d\/[^/]+\.conf|kubeadm-flags\.env)$/u,
  look: (lines) =>
    fitting(lines, /^\[(?:Unit|Service|Install)\]$/u) > 0 || fitting(lines, /^(?:ExecStart|Environment|EnvironmentFile)=/u) >= 2,
  read(piece, facts) {
    const unit = unitOf(
      /([\w@.-]+?)\.service(?:\.d\/|$)/u.exec(piece.path ?? piece.name)?.[1] ??
        (piece.command === undefined ? '' : (argumentsOf(piece.command).find((a) => a !== 'cat' && a !== 'show') ?? '')),
    );
    let continued = '';
    return eachLine(piece, (line, i) => {
      const whole = continued + line.replace(/\\$/u, ' ');
      if (line.endsWith('\\')) {
        continued = whole;
        return true;
      }
      continued = '';
      const source = sourceOf(piece, i);
      const hit =
        /^[ \t]*(Environment|ExecStart|MountFlags|After|EnvironmentFile|KUBELET_KUBEADM_ARGS|ActiveState|Result|[A-Z]\w+)=(.*)$/u.exec(
          whole,
        );
      if (hit === null) return /^[ \t]*(?:[#;[].*)?$/u.test(line);
      const [, key = '', value = ''] = hit;
      if (piece.where.kind !== 'host') return true;
      if (key === 'Environment')
        for (const word of shellWords(value)) {
          const [name = '', ...rest] = word.split('=');
          noteProxy(facts, name, rest.join('='), piece, i, unit === '' ? undefined : unit);
        }
      if (key === 'ExecStart' || key === 'KUBELET_KUBEADM_ARGS') {
        const words = shellWords(value.replace(/^["']|["']$/gu, ''));
        const program = key === 'ExecStart' ? ((words[0] ?? '').split('/').at(-1) ?? '') : 'kubelet';
        noteFlags(facts, program, words, piece, i);
      }
      if (key === 'MountFlags') facts.observe('docker.mount-flags', value, source);
      if (key === 'ActiveState' && unit !== '') facts.observe(`unit.${unit}.active`, value, source);
      return true;
    });
  },
});
