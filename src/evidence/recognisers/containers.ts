/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
import { known } from '../../facts/fact.ts';
import type { Mount } from '../../facts/node-facts.ts';
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';
import { readTable } from './table.ts';

const RUNTIME_CLI = /^(?:docker|podman|nerdctl)$/u;

/** "Up 3 hours", "Exited (255) 2 minutes ago", "Restarting (1) 5 seconds ago", "Created". */
function stateOf(status: string): { readonly state: string; readonly exitCode?: number } {
  const hit = /^(Up|Exited|Restarting|Created|Dead|Paused|Running|Unknown)(?:[^(]*\((\d+)\))?/iu.exec(status);
  const word = (hit?.[1] ?? status).toLowerCase();
  const state = word === 'up' ? 'running' : word;
  return hit?.[2] === undefined || word === 'up' ? { state } : { state, exitCode: Number(hit[2]) };
}

function uptime(status: string): number | undefined {
  const hit = /^Up (?:About )?(an?|\d+|Less than a) (second|minute|hour|day|week|month)/iu.exec(status);
  if (hit === null) return undefined;
  const unit = { second: 1, minute: 60, hour: 3600, day: 86_400, week: 604_800, month: 2_592_000 }[(hit[2] ?? 'second').toLowerCase()] ?? 1;
  return (/^\d+$/u.test(hit[1] ?? '') ? Number(hit[1]) : 1) * unit;
}

/** `docker ps -a`, `crictl ps -a`, `crictl pods`. */
export const containerList = defineRecogniser({
  id: 'container-list',
  title: { en: 'containers (docker ps, crictl ps)', zh: '容器列表（docker ps、crictl ps）' },
  commands: (c) =>
    (RUNTIME_CLI.test(c.name) && (c.words[1] === 'ps' || (c.words[1] === 'container' && c.words[2] === 'ls'))) ||
    (c.name === 'crictl' && c.words.some((w) => w === 'ps' || w === 'pods')),
  names: /(?:^|\/)(?:docker\/dockerpsa|crictl\/(?:psa|pods)|docker_ps_-a|crictl_ps_-a|docker-ps(?:\.txt)?)$/u,
  look: (lines) => fitting(lines, /^(?:CONTAINER ID +IMAGE +COMMAND|CONTAINER +IMAGE +CREATED +STATE|POD ID +CREATED +STATE)/u) > 0,
  read(piece, facts) {
    const docker = readTable(piece.lines, /^CONTAINER ID +IMAGE +(?:COMMAND|CREATED)/u);
    const crictl = readTable(piece.lines, /^CONTAINER +IMAGE +CREATED +STATE/u);
    for (const { values, index } of [...docker.rows, ...crictl.rows]) {
      const name = (values['names'] ?? values['name'] ?? '').split(',')[0] ?? '';
      if (name === '') continue;
      const source = sourceOf(piece, index);
      const status = values['status'] ?? values['state'] ?? '';
      const { state, exitCode } = stateOf(status);
      const short = name.replace(/^k8s_([^_]+)_.*$/u, '$1');
      if (name.startsWith('k8s_POD_')) continue;
      facts.observe(`container.${short}.state`, state, source);
      if (exitCode !== undefined) facts.observe(`container.${short}.exit-code`, exitCode, source);
      const up = uptime(status);
      if (up !== undefined) facts.observe(`container.${short}.uptime-seconds`, up, source);
      const attempt = values['attempt'];
      if (attempt !== undefined && /^\d+$/u.test(attempt)) facts.observe(`container.${short}.restarts`, Number(attempt), source);
      if (/^(?:kube-apiserver|kubelet|etcd)$/u.test(name) && (values['image'] ?? '').includes('rancher/hyperkube'))
        facts.product('rke', source);
    }
    const pods = readTable(piece.lines, /^POD ID +CREATED +STATE/u);
    return new Set([
      ...docker.headings,
      ...crictl.headings,
      ...pods.headings,
      ...docker.rows.map((r) => r.index),
      ...crictl.rows.map((r) => r.index),
      ...pods.rows.map((r) => r.index),
    ]);
  },
});

type Json = Readonly<Record<string, unknown>>;
const object = (v: unknown): Json | undefined => (typeof v === 'object' && v !== null && !Array.isArray(v) ? (v as Json) : undefined);
const list = (v: unknown): readonly unknown[] => (Array.isArray(v) ? v : []);
const text = (v: unknown): string | undefined => (typeof v === 'string' && v !== '' ? v : undefined);

/** Everything from the first bracket to its end, parsed; undefined where it is no JSON. */
function jsonOf(lines: readonly string[]): unknown {
  const whole = lines.join('\n');
  const from = whole.search(/[[{]/u);
  if (from < 0) return undefined;
  try {
    return JSON.parse(whole.slice(from));
  } catch {
    return undefined;
  }
}

/** `docker inspect`, `crictl inspect`: mounts, network, state, the container's own files. */
export const containerInspect = defineRecogniser({
  id: 'container-inspect',
  title: { en: 'container (docker inspect, crictl inspect)', zh: '容器详情（docker inspect、crictl inspect）' },
  wholeLines: true,
  prose: true,
  commands: (c) => (RUNTIME_CLI.test(c.name) || c.name === 'crictl') && c.words.some((w) => w === 'inspect'),
  names:
    /(?:^|\/)(?:[\w-]*containerinspect\/[^/]+|podinspect\/[^/]+|docker_inspect_\w+|crictl_inspect_\w+|[\w.-]*inspect[\w.-]*\.json|config\.v2\.json)$/u,
  look: (lines) =>
    fitting(lines, /^ *"(?:HostConfig|HostsPath|ResolvConfPath|GraphDriver|LogPath|RestartCount|NetworkMode|runtimeSpec)":/u) >= 2,
  read(piece, facts) {
    const parsed = jsonOf(piece.lines);
    const first = object(Array.isArray(parsed) ? parsed[0] : parsed);
    if (first === undefined) return readFragment(piece, facts);
    if (object(first['status']) !== undefined && object(first['info']) !== undefined) readCrictl(first, piece, facts);
    else readDocker(first, piece, facts);
    return 'all';
  },
});

function readDocker(c: Json, piece: Piece, facts: EvidenceFacts): void {
  const source = sourceOf(piece);
  const name = (text(c['Name']) ?? 'container').replace(/^\//u, '').replace(/^k8s_([^_]+)_.*$/u, '$1');
  const view = facts.container(name);
  const id = text(c['Id']) ?? text(c['ID']);
  const host = object(c['HostConfig']);
  const config = object(c['Config']);
  const network = text(host?.['NetworkMode']);
  const state = object(c['State']);
  if (id !== undefined) {
    view.containerId = id;
    view.names.push(id.slice(0, 12));
  }
  view.runtime = 'docker';
  view.netns = network === 'host' ? 'host' : view.netns === 'host' && network !== undefined ? `net:${name}` : view.netns;
  const image = text(config?.['Image']);
  if (image !== undefined) view.image = image;
  const mounts = list(c['Mounts'])
    .map(object)
    .filter((m) => m !== undefined);
  const fromMounts = mounts.map((m): Mount => mountOf(text(m['Destination']) ?? '', text(m['Source']) ?? '', text(m['Propagation'])));
  const fromBinds = list(host?.['Binds']).map((b): Mount => {
    const [from = '', to = '', options = ''] = String(b).split(':');
    return mountOf(to, from, options);
  });
  const own = [
    ['HostsPath', '/etc/hosts'],
    ['ResolvConfPath', '/etc/resolv.conf'],
    ['HostnamePath', '/etc/hostname'],
  ].flatMap(([key = '', target = '']) => (text(c[key]) === undefined ? [] : [mountOf(target, text(c[key]) ?? '', 'rprivate')]));
  facts.setMounts({ kind: 'container', name }, fromMounts.length > 0 ? [...fromMounts, ...own] : [...fromBinds, ...own], source);
  const environment = Object.fromEntries(
    list(config?.['Env'])
      .map((e) => String(e).split(/=(.*)/su).slice(0, 2) as [string, string])
      .filter((e) => /proxy|GODEBUG|RES_OPTIONS|LOCALDOMAIN|HOSTALIASES|CATTLE_CA_CHECKSUM|CATTLE_SERVER/iu.test(e[0])),
  );
  facts.setEnv({ kind: 'container', name }, environment, source);
  const checksum = environment['CATTLE_CA_CHECKSUM'];
  if (checksum !== undefined && checksum !== '') facts.observe('rancher.agent-ca-checksum', checksum, source);
  if (mounts.some((m) => /^\/(?:var\/)?run\/?$/u.test(text(m['Source']) ?? ''))) facts.observe('container.mounts-var-run', true, source);
  if (state !== undefined) {
    facts.observe(`container.${name}.state`, text(state['Status']) ?? (state['Running'] === true ? 'running' : 'exited'), source);
    if (typeof state['ExitCode'] === 'number') facts.observe(`container.${name}.exit-code`, state['ExitCode'], source);
    if (typeof state['OOMKilled'] === 'boolean') facts.observe(`container.${name}.oom-killed`, state['OOMKilled'], source);
    const error = text(state['Error']);
    if (error !== undefined) facts.observe(`container.${name}.error`, error, source);
    const started = Date.parse(text(state['StartedAt']) ?? '');
    if (!Number.isNaN(started)) view.startedAt = Math.round(started / 1000);
  }
  if (typeof c['RestartCount'] === 'number') facts.observe(`container.${name}.restarts`, c['RestartCount'], source);
  const labels = object(config?.['Labels']);
  if (labels !== undefined && Object.keys(labels).some((k) => k.startsWith('io.rancher.rke.container'))) facts.product('rke', source);
}

const mountOf = (target: string, hostPath: string, options = ''): Mount => ({
  target,
  hostPath,
  fsType: 'bind',
  source: hostPath,
  options,
});

function readCrictl(c: Json, piece: Piece, facts: EvidenceFacts): void {
  const status = object(c['status']);
  const source = sourceOf(piece);
  const name = text(object(status?.['metadata'])?.['name']) ?? 'container';
  const view = facts.container(name);
  const id = text(status?.['id']);
  if (id !== undefined) {
    view.containerId = id;
    view.names.push(id.slice(0, 12));
  }
  view.runtime = 'containerd';
  const mounts = list(status?.['mounts'])
    .map(object)
    .filter((m) => m !== undefined)
    .map((m) => mountOf(text(m['containerPath']) ?? '', text(m['hostPath']) ?? '', text(m['propagation'])));
  facts.setMounts({ kind: 'container', name }, mounts, source);
  const state = text(status?.['state']);
  if (state !== undefined) facts.observe(`container.${name}.state`, state.replace(/^CONTAINER_/u, '').toLowerCase(), source);
  if (typeof status?.['exitCode'] === 'number') facts.observe(`container.${name}.exit-code`, status['exitCode'], source);
  if (text(status?.['reason']) === 'OOMKilled') facts.observe(`container.${name}.oom-killed`, true, source);
}

/** A cut JSON, as people paste it: binds and states are read line by line. */
function readFragment(piece: Piece, facts: EvidenceFacts): ReadonlySet<number> {
  const name = (piece.command?.words ?? []).findLast((w) => !w.startsWith('-') && w !== 'inspect' && !w.includes('{{')) ?? 'container';
  const binds: Mount[] = [];
  const understood = eachLine(piece, (line, i) => {
    const bind = /^ *"(\/[^":]*):(\/[^":]*)(?::([^"]*))?",?$/u.exec(line);
    if (bind !== null) binds.push(mountOf(bind[2] ?? '', bind[1] ?? '', bind[3] ?? ''));
    const pair = /^ *"(ExitCode|OOMKilled|NetworkMode|RestartCount|Error)": ?"?([^",]*)"?,?$/u.exec(line);
    if (pair !== null) {
      const source = sourceOf(piece, i);
      const [, key = '', value = ''] = pair;
      if (key === 'ExitCode') facts.observe(`container.${name}.exit-code`, Number(value), source);
      if (key === 'OOMKilled') facts.observe(`container.${name}.oom-killed`, value === 'true', source);
      if (key === 'RestartCount') facts.observe(`container.${name}.restarts`, Number(value), source);
      if (key === 'Error' && value !== '') facts.observe(`container.${name}.error`, value, source);
      if (key === 'NetworkMode') facts.container(name).netns = value === 'host' ? 'host' : `net:${name}`;
    }
    return /^ *["{}[\]]/u.test(line) || bind !== null;
  });
  if (binds.length > 0) {
    facts.setMounts({ kind: 'container', name }, binds, sourceOf(piece));
    if (binds.some((b) => /^\/(?:var\/)?run\/?$/u.test(b.hostPath ?? ''))) facts.observe('container.mounts-var-run', true, sourceOf(piece));
  }
  return understood;
}

const INFO_KEYS: Readonly<Record<string, string>> = {
  'Server Version': 'docker.version',
  'Storage Driver': 'docker.storage-driver',
  'Logging Driver': 'docker.log-driver',
  'Backing Filesystem': 'docker.backing-filesystem',
  'Cgroup Driver': 'cgroup.driver.runtime',
};

/** `docker info`. */
export const dockerInfo = defineRecogniser({
  id: 'docker-info',
  title: { en: 'docker daemon (docker info)', zh: 'docker 守护进程（docker info）' },
  commands: (c) => RUNTIME_CLI.test(c.name) && (c.words[1] === 'info' || (c.words[1] === 'system' && c.words[2] === 'info')),
  names: /(?:^|\/)docker[-_/]?info(?:\.txt|\.json)?$/u,
  look: (lines) =>
    fitting(lines, /^ *(?:Server Version|Storage Driver|Logging Driver|Cgroup Driver|Docker Root Dir|Kernel Version): /u, 80) >= 2,
  read(piece, facts) {
    const here = piece.where.kind === 'host';
    let security = false;
    return eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      if (line.startsWith('WARNING: ')) {
        if (here) facts.observeMore('docker.warnings', [line.slice(9).trim()], source);
        return true;
      }
      const hit = /^ *([A-Z][\w .-]+): ?(.*)$/u.exec(line);
      if (hit === null) {
        if (security && /^ {2,}\w/u.test(line) && here) facts.observeMore('docker.security-options', [line.trim()], source);
        return line.startsWith(' ');
      }
      const [, key = '', value = ''] = hit;
      security = key === 'Security Options';
      if (!here) return true;
      const known1 = INFO_KEYS[key];
      if (known1 !== undefined) facts.observe(known1, value, source);
      if (key === 'Cgroup Version') facts.observe('cgroup.version', Number(value), source);
      if (key === 'Supports d_type') facts.observe('docker.supports-d-type', value === 'true', source);
      if (key === 'Server Version') facts.observe('docker.running', true, source);
      if (key === 'Kernel Version') facts.observe('kernel.release', value, source);
      if (security && value !== '') facts.observeMore('docker.security-options', value.split(/[ ,]+/u), source);
      if (/^(?:HTTP|Http) Proxy$/u.test(key) && value !== '') facts.observe('proxy.unit.docker', [`HTTP_PROXY=${value}`], source);
      return true;
    });
  },
});

/** mountinfo, mount and findmnt of the node or of one process. Source: proc_pid_mountinfo(5), mount(8), findmnt(8). */
export const mounts = defineRecogniser({
  id: 'mounts',
  title: { en: 'mounts', zh: '挂载' },
  commands: (c) =>
    (c.name === 'mount' && c.words.length <= 3) ||
    c.name === 'findmnt' ||
    (c.name === 'cat' && c.words.some((w) => /\/(?:mountinfo|mounts)$/u.test(w))) ||
    (c.name === 'grep' && c.words.some((w) => /\/(?:mountinfo|mounts)$/u.test(w))),
  names: /(?:^|\/)(?:mount(?:\.txt)?|findmnt|mounts(?:\.txt)?|proc\/(?:\d+|self)\/(?:mountinfo|mounts)|mountinfo(?:\.txt)?)$/u,
  look: (lines) => fitting(lines, /^(?:\d+ \d+ \d+:\d+ \/[^ ]* \/[^ ]* |[^ ]+ on \/[^ ]* type [a-z0-9_.]+ \()/u) >= 2,
  read(piece, facts) {
    const found: Mount[] = [];
    const propagation = new Map<string, readonly [string, number]>();
    const understood = eachLine(piece, (line, i) => {
      const info = /^\d+ \d+ (\d+:\d+) ([^ ]+) ([^ ]+) ([^ ]+) ?(.*?) ?- ([^ ]+) ([^ ]+) ?([^ ]*)$/u.exec(line);
      if (info !== null) {
        const [, device = '', root = '', target = '', options = '', optional = '', fsType = '', source = ''] = info;
        found.push({ target: octal(target), fsType, source: octal(source), options, root: octal(root), device });
        propagation.set(octal(target), [optional.includes('shared:') ? 'shared' : optional.includes('master:') ? 'slave' : 'private', i]);
        return true;
      }
      const plain = /^([^ ]+) on (\/[^ ]*) type ([^ ]+) \(([^)]*)\)$/u.exec(line) ?? procMounts(line);
      if (plain !== null) {
        found.push({ target: octal(plain[2] ?? ''), fsType: plain[3] ?? '', source: plain[1] ?? '', options: plain[4] ?? '' });
        return true;
      }
      const tree = /^[ │├└─|`-]*(\/[^ ]*) +([^ ]+) +([a-z0-9_.]+) +([a-z][^ ]*)$/u.exec(line);
      if (tree !== null) {
        found.push({ target: tree[1] ?? '', fsType: tree[3] ?? '', source: tree[2] ?? '', options: tree[4] ?? '' });
        return true;
      }
      const shown = /^[ │├└─|`-]*(\/[^ ]*) +(shared|private|slave|rshared|private,slave)$/u.exec(line);
      if (shown !== null) {
        propagation.set(shown[1] ?? '', [shown[2] ?? '', i]);
        return true;
      }
      return /^TARGET +/u.test(line);
    });
    if (piece.where.kind === 'elsewhere') return understood;
    const filtered =
      piece.command !== undefined &&
      (piece.command.filters.length > 0 ||
        piece.command.name === 'grep' ||
        (piece.command.name === 'findmnt' && piece.command.words.some((w) => w.startsWith('/'))));
    if (found.length > 0 && !filtered) facts.setMounts(piece.where, found, sourceOf(piece, 0));
    if (piece.where.kind !== 'host') return understood;
    for (const [target, [kind, index]] of propagation)
      if (/^(?:\/|\/var\/lib\/(?:kubelet|rancher|docker))$/u.test(target))
        facts.observe(`mount.${target}.propagation`, kind, sourceOf(piece, index));
    for (const m of found)
      if (
        /^\/(?!proc|sys|dev|run\/|snap)/u.test(`${m.target}/`) &&
        (/^(?:ext[234]|xfs|btrfs|zfs|overlay)$/u.test(m.fsType) || COMPONENT_DATA.test(m.target))
      )
        facts.observe(`disk.${m.target}.read-only`, m.options.split(',')[0] === 'ro', sourceOf(piece));
    const cgroup = found.find((m) => m.target === '/sys/fs/cgroup');
    if (cgroup !== undefined) facts.observe('cgroup.version', cgroup.fsType === 'cgroup2' ? 2 : 1, sourceOf(piece));
    return understood;
  },
});

/** Folders that their owner has to be able to write, whatever they lie on. */
const COMPONENT_DATA = /^\/var\/lib\/(?:docker|containerd|containers|kubelet|etcd|rancher)(?:\/|$)/u;

const procMounts = (line: string): RegExpExecArray | null => {
  const hit = /^([^ ]+) (\/[^ ]*) ([a-z0-9_.]+) ([a-z][^ ]*) \d \d$/u.exec(line);
  return hit;
};

/** Blanks and backslashes in paths are written in octal. */
const octal = (path: string): string => path.replaceAll(/\\(\d{3})/gu, (_, n: string) => String.fromCharCode(Number.parseInt(n, 8)));

/** A container's file beside the runtime's own: /var/lib/docker/containers/<id>/{hosts,resolv.conf}. */
export const dockerContainerFile = defineRecogniser({
  id: 'docker-container-file',
  title: { en: "file of a container in docker's directory", zh: 'docker 目录中的容器文件' },
  wholeLines: true,
  prose: true,
  names: /(?:^|\/)containers\/[0-9a-f]{12,64}\/(?:hosts|resolv\.conf|hostname)$/u,
  read(piece, facts) {
    const hit = /containers\/([0-9a-f]{12})[0-9a-f]*\/(hosts|resolv\.conf|hostname)$/u.exec(piece.path ?? piece.name);
    if (hit === null) return new Set();
    const where = { kind: 'container', name: hit[1] ?? '' } as const;
    const view = facts.view(where);
    view.runtime = 'docker';
    const path = `/etc/${hit[2] ?? ''}`;
    facts.file(where, path, `${piece.lines.join('\n')}\n`, sourceOf(piece));
    if (hit[2] === 'hostname') view.hostname = known((piece.lines[0] ?? '').trim(), sourceOf(piece, 0));
    return 'all';
  },
});
